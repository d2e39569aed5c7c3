/**
 * Copies text to the clipboard; resolves to whether it worked. `navigator.clipboard` exists only on
 * https and localhost, so a dashboard on plain http in the LAN needs `execCommand`.
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.readOnly = true;
  area.style.cssText = 'position:fixed;top:0;opacity:0';
  const before = document.activeElement;
  // An open modal dialog makes everything outside it inert, so that it cannot be selected.
  (before?.closest('dialog') ?? document.body).append(area);
  area.select();
  let done = false;
  try {
    done = document.execCommand('copy');
  } catch {
    // Reported as not copied.
  }
  area.remove();
  if (before instanceof HTMLElement) before.focus();
  return done;
}
