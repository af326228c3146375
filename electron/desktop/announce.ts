// What the system tells the user while the studio is not looked at: a long job has ended, a training goes on without its window.
import { Notification } from 'electron';
import { isStudioFocused } from './windows';

/** Messages that are shown: one that nothing refers to any more loses its click. */
const shown = new Set<Notification>();

/** Tells the user by the system, unless the studio is in front; a click calls `onClick`. */
export function announce(title: string, text: string, onClick: () => void): void {
  if (!Notification.isSupported() || isStudioFocused()) return;
  const notification = new Notification({ title, body: text });
  shown.add(notification);
  notification.once('click', () => {
    shown.delete(notification);
    onClick();
  });
  notification.once('close', () => shown.delete(notification));
  notification.show();
}
