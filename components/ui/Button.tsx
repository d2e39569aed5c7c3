import type { ComponentProps } from 'react';

type Look = 'plain' | 'primary' | 'danger' | 'bare' | 'link' | 'inline';

const BASE =
  'inline-flex items-center justify-center gap-1.5 rounded-lg border text-center whitespace-nowrap transition-colors enabled:active:translate-y-px disabled:border-dashed disabled:text-faint';
const FRAMED = `${BASE} min-h-8.5 border-line bg-raise px-3 py-1.25 text-ink enabled:hover:border-line-strong touch:min-h-11 touch:min-w-11`;
const BARE = `${BASE} min-h-7 border-transparent px-1 py-0.5 enabled:hover:border-line-strong touch:min-h-11 touch:min-w-11`;
const UNDERLINED = 'underline underline-offset-3';

const LOOKS: Record<Look, string> = {
  plain: FRAMED,
  primary: `${FRAMED} enabled:border-primary enabled:bg-primary enabled:font-semibold enabled:text-primary-ink`,
  danger: `${FRAMED} enabled:border-bad enabled:text-bad`,
  bare: BARE,
  link: `${BARE} ${UNDERLINED}`,
  inline: UNDERLINED,
};

/**
 * A button. `look`: primary for a panel's one main action, danger for what destroys, bare without a
 * frame, link underlined, inline within a sentence. `className` places and sizes it (`h-11`).
 */
export function Button({
  look = 'plain',
  className = '',
  ...rest
}: ComponentProps<'button'> & { look?: Look }) {
  return <button type="button" {...rest} className={`${LOOKS[look]} ${className}`} />;
}
