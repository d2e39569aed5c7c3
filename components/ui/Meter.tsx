/** One coloured part of a meter; `width`: 0 … 1 of the whole. */
export interface MeterPart {
  key: string;
  width: number;
  color: string;
}

/** A thin bar of one or more parts. Hidden from screen readers: the number beside it has the value. */
export function Meter({
  parts,
  className = '',
}: {
  parts: readonly MeterPart[];
  className?: string;
}) {
  return (
    <span
      aria-hidden
      className={`flex h-1.5 min-w-0 overflow-hidden rounded-[3px] bg-line ${className}`}
    >
      {parts.map(({ key, width, color }) => (
        <i
          key={key}
          className="slot-edge block h-full transition-[width] duration-300"
          style={{ width: `${(width * 100).toFixed(2)}%`, background: color }}
        />
      ))}
    </span>
  );
}
