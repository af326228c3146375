// Runs a preload script in an isolated world of a real Chromium page, as Electron does: shared DOM, own
// globals. `ipcRenderer.postMessage` and the ports it transfers are bridged to Node.
import { readFile } from 'node:fs/promises';
import type { CDPSession, Page } from 'playwright-core';
import { StandInPort } from './ports';

const WORLD = 'electron-preload';
const BINDING = '__toMain';

/** A message sent by `ipcRenderer.postMessage`. */
export type OnIpc = (channel: string, message: unknown, ports: StandInPort[]) => void;

type FromPage =
  | { readonly kind: 'ipc'; readonly channel: string; readonly message: unknown; readonly ports: readonly number[] }
  | { readonly kind: 'port'; readonly id: number; readonly data: unknown };

/** What `require('electron')` gives a sandboxed preload script, and the page's end of bridged ports. */
const prelude = `
  const ports = new Map();
  let lastId = 0;
  const adopt = (port) => {
    const id = ++lastId;
    ports.set(id, port);
    port.onmessage = ({ data }) => ${BINDING}(JSON.stringify({ kind: 'port', id, data }));
    return id;
  };
  globalThis.__fromMain = (id, data) => ports.get(id).postMessage(data);
  const ipcRenderer = { postMessage: (channel, message, transfer = []) =>
    ${BINDING}(JSON.stringify({ kind: 'ipc', channel, message, ports: transfer.map(adopt) })) };
  const require = (name) => { if (name === 'electron') return { ipcRenderer }; throw new Error('a sandboxed preload cannot require ' + name); };
  const module = { exports: {} };
  const exports = module.exports;
`;

/** Injects the script into every document the page loads; ports of a left document are closed. */
export async function installPreload(page: Page, path: string, onIpc: OnIpc): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const world = new PreloadWorld(session, onIpc);
  await session.send('Page.enable');
  session.on('Runtime.executionContextCreated', ({ context }) => {
    if (context.name === WORLD) world.enter(context.id);
  });
  session.on('Runtime.bindingCalled', ({ name, payload }) => {
    if (name === BINDING) world.receive(JSON.parse(payload) as FromPage);
  });
  await session.send('Runtime.enable');
  await session.send('Runtime.addBinding', { name: BINDING, executionContextName: WORLD });
  const source = `(() => { ${prelude}\n${await readFile(path, 'utf8')}\n})();`;
  await session.send('Page.addScriptToEvaluateOnNewDocument', { source, worldName: WORLD });
}

class PreloadWorld {
  private ports = new Map<number, StandInPort>();
  private contextId = 0;

  constructor(
    private readonly session: CDPSession,
    private readonly onIpc: OnIpc,
  ) {}

  /** A new document: its ports count from one again. */
  enter(contextId: number): void {
    const left = this.ports;
    this.ports = new Map();
    this.contextId = contextId;
    left.forEach((port) => port.close());
  }

  receive(message: FromPage): void {
    if (message.kind === 'port') this.ports.get(message.id)?.receive(message.data);
    else
      this.onIpc(
        message.channel,
        message.message,
        message.ports.map((id) => this.port(id)),
      );
  }

  private port(id: number): StandInPort {
    const { contextId } = this;
    const port = new StandInPort(id, (portId, text) => {
      const expression = `__fromMain(${portId}, ${JSON.stringify(text)})`;
      // The page may be gone by now; then nobody waits for the message.
      this.session.send('Runtime.evaluate', { expression, contextId }).catch(() => undefined);
    });
    this.ports.set(id, port);
    return port;
  }
}
