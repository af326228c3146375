// Entry of a matrix worker: messages in, MatrixHost, messages out.
import { MatrixHost } from './matrix-host';
import { buildPyramid } from './pyramid';
import { denseSource } from './source';
import type { HostMessage, HostRequest } from './matrix-protocol';

interface WorkerScope {
  postMessage(message: HostMessage, transfer: ArrayBuffer[]): void;
  onmessage: ((event: { readonly data: HostRequest }) => void) | null;
}
const scope = globalThis as unknown as WorkerScope;

// A message to oneself comes after those that wait: a pause without the 4 ms that nested timers cost.
const channel = new MessageChannel();
let resume: (() => void) | null = null;
channel.port1.onmessage = () => resume?.();
const pause = (): Promise<void> =>
  new Promise((resolve) => {
    resume = resolve;
    channel.port2.postMessage(null);
  });

// Compiled code is waiting when the first matrix comes: pooling cold takes half as long again.
const warm = buildPyramid(denseSource(new Float32Array(512 * 512), 512, 512));
while (!warm.next().done);

const host = new MatrixHost((message, transfer = []) => scope.postMessage(message, transfer), pause);
scope.onmessage = ({ data }) => void host.handle(data);
