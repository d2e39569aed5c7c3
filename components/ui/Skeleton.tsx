/** Stands where content is still loading; `className` gives it that content's size. */
export function Skeleton({ className }: { className: string }) {
  return <div aria-busy className={`animate-breathe rounded-md bg-raise ${className}`} />;
}
