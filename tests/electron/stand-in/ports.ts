// Stand-in for MessagePortMain: bridges a DOM MessagePort in a page's preload world to Node, as strings
// over the browser's debugging protocol. As in Electron, an ArrayBuffer cannot be transferred.
import { EventEmitter } from 'node:events';

/** How a message reaches the other end. */
export type Deliver = (portId: number, text: string) => void;

export class StandInPort extends EventEmitter {
  private started = false;
  private closed = false;
  private readonly waiting: unknown[] = [];

  constructor(
    readonly id: number,
    private readonly deliver: Deliver,
  ) {
    super();
  }

  postMessage(data: unknown, transfer: readonly unknown[] = []): void {
    if (transfer.length > 0) throw new TypeError('stand-in: MessagePortMain transfers nothing but MessagePortMain');
    if (typeof data !== 'string') throw new TypeError(`stand-in: only strings are bridged, got ${typeof data}`);
    if (!this.closed) this.deliver(this.id, data);
  }

  start(): void {
    this.started = true;
    this.waiting.splice(0).forEach((data) => this.emit('message', { data, ports: [] }));
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.emit('close');
  }

  /** A message from the page. */
  receive(data: unknown): void {
    if (this.started) this.emit('message', { data, ports: [] });
    else this.waiting.push(data);
  }
}
