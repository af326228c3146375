// A batch in parts, one after the other. Invariant: parts keep the samples' order, and joined they are the whole.
import { z } from 'zod';
import { count, type Stored } from '../base/sent';
import { elementCount, floatTensor, type FloatTensor } from './tensor';

export const partsDone = z.object({ done: count, total: count });
/** How many samples of all are done. */
export type PartsDone = Stored<z.infer<typeof partsDone>>;

/** Who waits for a computation that goes part by part: hears how many samples of all are done, and may end it between two parts. */
export interface Watch {
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** An input's samples, `atOnce` at a time and fewer at the end; they share its memory. */
export function partsOf({ shape: [count, ...sample], data }: FloatTensor, atOnce: number): FloatTensor[] {
  const length = elementCount(sample);
  return Array.from({ length: Math.ceil(count / atOnce) }, (_, part) => {
    const [first, end] = [part * atOnce, Math.min(count, (part + 1) * atOnce)];
    return floatTensor([end - first, ...sample], data.subarray(first * length, end * length));
  });
}

/** Outputs of parts as one. */
export function joined(parts: readonly FloatTensor[]): FloatTensor {
  if (parts.length === 1) return parts[0];
  const samples = parts.reduce((sum, { shape }) => sum + shape[0], 0);
  const shape = [samples, ...parts[0].shape.slice(1)];
  const data = new Float32Array(elementCount(shape));
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return floatTensor(shape, data);
}
