// How a page and its preload script speak on the desktop. The page dispatches a DOM event; a preload
// script that is there cancels it at once, then posts a message that brings a MessagePort.

/** What a page can be connected to: the procedures of the contract, or (a compute window) the service's use of its engine. */
export const CONNECTION_PURPOSES = ['rpc', 'engine'] as const;
export type ConnectionPurpose = (typeof CONNECTION_PURPOSES)[number];

/** Type of the page's event. */
export function requestEvent(purpose: ConnectionPurpose): string {
  return `repmlp:connect-${purpose}`;
}

/** The preload script's answer. */
export interface PortMessage {
  readonly repmlp: ConnectionPurpose;
}

/** Whether a message of the page is the answer to a request for this purpose. */
export function isPortMessage(data: unknown, purpose: ConnectionPurpose): data is PortMessage {
  return typeof data === 'object' && data !== null && 'repmlp' in data && data.repmlp === purpose;
}
