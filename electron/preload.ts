// Hands the page one end of a channel when it asks, and nothing else: no Electron or Node API is exposed.
import { ipcRenderer } from 'electron';
import { CONNECTION_PURPOSES, requestEvent, type PortMessage } from '@shared/link/port-message';
import { CONNECT_CHANNEL } from './desktop/channel';

for (const purpose of CONNECTION_PURPOSES) {
  window.addEventListener(requestEvent(purpose), (event) => {
    event.preventDefault();
    const { port1, port2 } = new MessageChannel();
    ipcRenderer.postMessage(CONNECT_CHANNEL, purpose, [port2]);
    window.postMessage({ repmlp: purpose } satisfies PortMessage, '*', [port1]);
  });
}
