// Entry of a matrix worker: messages in, MatrixHost, messages out.
import { MatrixHost } from './matrix-host';
import { buildPyramid, coarsestLevel, keptLevel, STORED_FROM, tileOf } from '@shared/matrix/pyramid';
import { POOL_RULES } from '@shared/matrix/pool';
import { denseSource } from '@shared/matrix/source';
import type { HostMessage, HostRequest } from './matrix-protocol';

interface WorkerScope {
  postMessage(message: HostMessage, transfer: ArrayBuffer[]): void;
  onmessage: ((event: { readonly data: HostRequest }) => void) | null;
}
declare const self: WorkerScope;

// A message to oneself comes after those that wait: a pause without the 4 ms that nested timers cost.
const channel = new MessageChannel();
let resume: (() => void) | null = null;
channel.port1.onmessage = () => resume?.();
const pause = (): Promise<void> =>
  new Promise((resolve) => {
    resume = resolve;
    channel.port2.postMessage(null);
  });

// Compiled code is waiting when the first matrix comes: pooling, halving and cutting tiles cold takes half as long again.
warmUp();

const host = new MatrixHost((message, transfer = []) => self.postMessage(message, transfer), pause);
self.onmessage = ({ data }) => void host.handle(data);

function warmUp(): void {
  const side = 1024;
  const work = buildPyramid(denseSource(new Float32Array(side * side), side, side));
  let step = work.next();
  while (!step.done) step = work.next();
  keptLevel(step.value, coarsestLevel(side, side));
  for (const rule of POOL_RULES) for (let n = 0; n < 4; n++) tileOf(step.value, STORED_FROM, 0, 0, rule);
}
