/** Elements that use keys themselves. */
const TAKES_KEYS = 'input, select, textarea, [contenteditable], [role=slider], dialog';
/** Elements that Space and Enter press. */
const IS_PRESSED = 'button, a[href], summary, [role=button]';

/**
 * Whether a key is a shortcut of the page: not typed into a field, not in a dialog or behind a modal one, not held
 * down, and without a modifier that makes it one of the browser's. Shift is needed for + on many keyboards.
 */
export function isShortcut(event: KeyboardEvent): boolean {
  const { altKey, ctrlKey, metaKey, repeat, isComposing, defaultPrevented, key, target } = event;
  if (altKey || ctrlKey || metaKey || repeat || isComposing || defaultPrevented) return false;
  if (document.querySelector('dialog:modal')?.checkVisibility()) return false;
  const at = target instanceof Element ? target : null;
  if (at?.closest(TAKES_KEYS)) return false;
  return !((key === ' ' || key === 'Enter') && at?.closest(IS_PRESSED));
}
