/**
 * Puts text on the clipboard and says whether it worked. `navigator.clipboard` exists only on
 * https and localhost; a dashboard on the LAN is plain http, so the old way is needed there.
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
  // Inside an open modal dialog everything outside is inert, and so cannot be selected.
  (before?.closest('dialog') ?? document.body).append(area);
  area.select();
  let done = false;
  try {
    done = document.execCommand('copy');
  } catch {
    // Then the text stays there to be selected by hand.
  }
  area.remove();
  if (before instanceof HTMLElement) before.focus();
  return done;
}
