/** One coloured length of a meter; `width` is 0 … 1 of the whole. */
export interface MeterPart {
  key: string;
  width: number;
  color: string;
}

/** A thin bar of one or more lengths. The number beside it carries the meaning: hidden from AT. */
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
          className="block h-full transition-[width] duration-300"
          style={{ width: `${(width * 100).toFixed(2)}%`, background: color }}
        />
      ))}
    </span>
  );
}
