/** Announces `text` to screen readers when it changes. It must be rendered before that, empty if need be. */
export function LiveRegion({ text }: { text: string }) {
  return (
    <div role="status" aria-live="polite" className="sr-only">
      {text}
    </div>
  );
}
