// What windows may not do: leave app://studio, open windows, embed others, use device permissions. Links
// of an allow-list open in the user's browser.
import { app, session, shell } from 'electron';
import { isOurs } from './scheme';

/** Hosts whose https pages may be opened outside: the papers and the official code. */
const ALLOWED_HOSTS = new Set(['arxiv.org', 'github.com']);

/** Whether an address may be handed to the user's browser. */
export function mayOpenOutside(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, host } = new URL(address);
  return protocol === 'https:' && ALLOWED_HOSTS.has(host);
}

/** Before the app is ready: sandboxes every window and guards its navigation. */
export function guardWindows(): void {
  app.enableSandbox();
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => {
      if (!isOurs(event.url)) event.preventDefault();
    });
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(({ url }) => {
      if (mayOpenOutside(url)) void shell.openExternal(url);
      return { action: 'deny' };
    });
  });
}

/** After the app is ready: no window gets a device permission. */
export function denyPermissions(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.defaultSession.setPermissionCheckHandler(() => false);
}
