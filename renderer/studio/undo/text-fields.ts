// Text fields keep the undo of what is typed into them. Invariant: a field in which nothing was typed since it got the focus
// leaves undo to the window.
const typed = new WeakSet<EventTarget>();

/** Notes from now on where something is typed. */
export function watchTextFields(): void {
  window.addEventListener('input', ({ target }) => target && takesText(target) && typed.add(target), true);
  window.addEventListener('focusin', ({ target }) => target && typed.delete(target), true);
}

/** Whether an element's own undo has something to take back. */
export function hasOwnUndo(element: EventTarget | null): boolean {
  return element instanceof Element && typed.has(element) && element.isConnected && element.closest('[cmdk-root]') === null;
}

/** Switches, sliders and lists have no undo of their own. */
function takesText(element: EventTarget): boolean {
  if (element instanceof HTMLTextAreaElement) return true;
  if (element instanceof HTMLElement && element.isContentEditable) return true;
  return element instanceof HTMLInputElement && !['checkbox', 'radio', 'range', 'color', 'button', 'file', 'submit'].includes(element.type);
}
