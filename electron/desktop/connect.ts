// Accepts ports from our own windows and hands them to the service.
import { ipcMain, type MessagePortMain } from 'electron';
import type { ConnectionPurpose } from '@shared/link/port-message';
import type { EngineChannel } from '../app/engines';
import type { Service } from '../app/service';
import { CONNECT_CHANNEL } from './channel';
import { isOurs } from './scheme';

/** Connects every window that asks; frames of other origins get no answer. */
export function connectWindows(service: Service): void {
  ipcMain.on(CONNECT_CHANNEL, (event, purpose: unknown) => {
    const [port] = event.ports;
    const { senderFrame } = event;
    if (port === undefined || senderFrame === null || senderFrame.parent !== null || !isOurs(senderFrame.url)) return;
    if (isPurpose(purpose)) attach(service, purpose, port);
  });
}

function isPurpose(value: unknown): value is ConnectionPurpose {
  return value === 'rpc' || value === 'engine';
}

function attach(service: Service, purpose: ConnectionPurpose, port: MessagePortMain): void {
  if (purpose === 'rpc') service.attachPort(port);
  else service.acceptEngine(engineChannel(port));
  port.start();
}

function engineChannel(port: MessagePortMain): EngineChannel {
  return {
    send: (text) => port.postMessage(text),
    onText: (listener) => port.on('message', ({ data }) => listener(String(data))),
    closed: new Promise((resolve) => port.once('close', () => resolve())),
    close: () => port.close(),
  };
}
