/** A sentence; text between backticks is code. */
export function Prose({ text }: { text: string }) {
  return text.split('`').map((part, at) =>
    at % 2 === 1 ? (
      <code key={at} className="font-mono">
        {part}
      </code>
    ) : (
      part
    ),
  );
}
