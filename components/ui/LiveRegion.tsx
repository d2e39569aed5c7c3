/** Says `text` to screen readers when it changes, politely. Render it always, even when empty. */
export function LiveRegion({ text }: { text: string }) {
  return (
    <div role="status" aria-live="polite" className="sr-only">
      {text}
    </div>
  );
}
