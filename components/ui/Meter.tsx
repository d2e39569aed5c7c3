/** One coloured length of a bar; `width` is 0 … 1 of the whole. */
export interface Part {
  key: string;
  width: number;
  color: string;
}

/** A thin bar of one or more lengths. The number beside it carries the meaning: hidden from AT. */
export function Bar({ parts, className = '' }: { parts: readonly Part[]; className?: string }) {
  return (
    <span aria-hidden className={`bar ${className}`}>
      {parts.map(({ key, width, color }) => (
        <i key={key} style={{ width: `${(width * 100).toFixed(2)}%`, background: color }} />
      ))}
    </span>
  );
}
