/** A sentence; text between backticks is code, which a click selects as a whole. */
export function Prose({ text }: { text: string }) {
  return text.split('`').map((part, at) =>
    at % 2 === 1 ? (
      <code key={at} className="font-mono select-all">
        {part}
      </code>
    ) : (
      part
    ),
  );
}
