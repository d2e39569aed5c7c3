/** Placeholder for loading content; `className` sets its size. */
export function Skeleton({ className }: { className: string }) {
  return <div aria-busy className={`animate-breathe rounded-md bg-raise ${className}`} />;
}
