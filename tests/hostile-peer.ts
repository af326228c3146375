// What anyone on the machine can do to the browser host's port: raw connections, for tests. Every wait here
// ends when the other side answers or closes.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { WebSocket } from 'ws';

/** Frames are masked as a browser's are; a mask of zeros leaves the bytes readable. */
const MASK = [0, 0, 0, 0];

export class HostilePeer {
  /** `cookie`: that of a session, with which sockets are admitted. */
  constructor(
    readonly port: number,
    readonly cookie: string,
  ) {}

  /** A connection on which this was written. */
  async write(...parts: readonly (string | Uint8Array)[]): Promise<Socket> {
    const socket = connect(this.port, '127.0.0.1').on('error', () => undefined);
    await once(socket, 'connect');
    parts.forEach((part) => socket.write(part));
    return socket;
  }

  /** Writes and reads until the other side closes; what it said. */
  async exchange(...parts: readonly (string | Uint8Array)[]): Promise<string> {
    return this.readToEnd(await this.write(...parts));
  }

  readToEnd(socket: Socket): Promise<string> {
    let said = '';
    socket.on('data', (chunk: Buffer) => (said += chunk.toString('latin1')));
    return new Promise((resolve) => socket.once('close', () => resolve(said)));
  }

  /** Writes, waits for the first bytes of an answer, then resets the connection. */
  async resetAfterAnswer(...parts: readonly (string | Uint8Array)[]): Promise<void> {
    const socket = await this.write(...parts);
    await new Promise((resolve) => socket.once('data', resolve).once('close', resolve));
    socket.resetAndDestroy();
  }

  /** Writes and resets at once. */
  async resetAtOnce(...parts: readonly (string | Uint8Array)[]): Promise<void> {
    const socket = await this.write(...parts);
    socket.resetAndDestroy();
  }

  /** The head of a request as this machine's pages send it. */
  head(line: string, headers: Readonly<Record<string, string>> = {}): string {
    const all = { Host: `127.0.0.1:${this.port}`, ...headers };
    return `${line} HTTP/1.1\r\n${Object.entries(all)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\n`;
  }

  /** An upgrade that the host admits, or with `admitted` false one that it refuses. */
  upgrade(path: string, admitted = true): string {
    return this.head(`GET ${path}`, {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
      Origin: `http://127.0.0.1:${this.port}`,
      ...(admitted ? { Cookie: this.cookie } : {}),
    });
  }

  /** An admitted socket of the library. */
  async socket(path: string): Promise<WebSocket> {
    const headers = { origin: `http://127.0.0.1:${this.port}`, cookie: this.cookie };
    const socket = new WebSocket(`ws://127.0.0.1:${this.port}${path}`, { headers }).on('error', () => undefined);
    await once(socket, 'open');
    return socket;
  }

  /** Sends well-formed messages that mean nothing; resolves with the code with which the host closes the socket. */
  async say(path: string, messages: readonly (string | Uint8Array)[]): Promise<number> {
    const socket = await this.socket(path);
    const closed = once(socket, 'close') as Promise<[number]>;
    messages.forEach((message) => socket.send(message));
    return (await closed)[0];
  }
}

/** A frame with these first two bytes (but for the mask's sign), a longer length where one is given, and a payload. */
export function frame(first: number, length: number, payload: readonly number[] = [], longer: readonly number[] = []): Uint8Array {
  return Uint8Array.from([first, 0x80 | length, ...longer, ...MASK, ...payload]);
}
