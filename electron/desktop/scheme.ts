// app://studio/ is where windows live: the built renderer and arrays by URL, answered by the same site
// as in the browser host. A custom scheme instead of file:// gives the page an origin and its isolation.
import { protocol } from 'electron';
import { plain } from '../app/bulk';
import type { Site } from '../app/site';

const SCHEME = 'app';
const HOST = 'studio';

/** Address of a page of the renderer. */
export function pageUrl(page: string): string {
  return `${SCHEME}://${HOST}/${page}`;
}

/** Whether an address is one of ours. (`URL.origin` is 'null' for custom schemes.) */
export function isOurs(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol: scheme, host } = new URL(address);
  return scheme === `${SCHEME}:` && host === HOST;
}

/** Before the app is ready: makes the scheme a secure origin that can fetch and keep compiled code. */
export function registerScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true };
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges }]);
}

/** Answers the scheme's requests. */
export function serveScheme(site: Site): void {
  protocol.handle(SCHEME, (request) => (isOurs(request.url) ? site(request) : plain(404, 'there is nothing at this address')));
}
