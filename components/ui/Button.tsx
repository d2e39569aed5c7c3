import type { ComponentProps } from 'react';

type Look = 'plain' | 'primary' | 'danger' | 'link';

const LOOKS: Record<Look, string> = {
  plain: 'btn',
  primary: 'btn btn-primary',
  danger: 'btn btn-danger',
  link: 'btn btn-link',
};

/** A button. `look`: primary for a panel's one main action, danger for what destroys. */
export function Button({
  look = 'plain',
  className = '',
  ...rest
}: ComponentProps<'button'> & { look?: Look }) {
  return <button type="button" {...rest} className={`${LOOKS[look]} ${className}`} />;
}
