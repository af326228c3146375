// Searching and sorting the tensors of a file.
import { z } from 'zod';
import type { TensorStatistics } from '@shared/link/studio';
import { elementCount, shapeText, type TensorInfo } from '@shared/tensor/tensor';

export interface TensorRow {
  readonly info: TensorInfo;
  readonly own: TensorStatistics | undefined;
}

const tensorKey = z.enum(['order', 'shape', 'dtype', 'min', 'max', 'mean', 'deviation', 'zeros', 'broken']);
export type TensorKey = z.infer<typeof tensorKey>;
export const tensorSort = z.object({ key: tensorKey, descending: z.boolean() }).readonly();
export type TensorSort = z.infer<typeof tensorSort>;

export const TENSOR_COLUMNS: readonly (readonly [TensorKey, string])[] = [
  ['order', 'Name'],
  ['shape', 'Shape'],
  ['dtype', 'Type'],
  ['min', 'Min'],
  ['max', 'Max'],
  ['mean', 'Mean'],
  ['deviation', 'Deviation'],
  ['zeros', 'Zeros'],
  ['broken', 'NaN, infinite'],
];

type Statistics = ReadonlyMap<string, TensorStatistics>;

/** Tensors in which every word of the query occurs (name, shape or type), sorted; `order` is the file's own. */
export function shownTensors(tensors: readonly TensorInfo[], known: Statistics, query: string, sort: TensorSort): TensorRow[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = tensors
    .filter(({ name, shape, dtype }) => words.every((word) => `${name} ${shapeText(shape)} ${dtype}`.toLowerCase().includes(word)))
    .map((info) => ({ info, own: known.get(info.name) }));
  if (sort.key === 'order') return sort.descending ? rows.reverse() : rows;
  const direction = sort.descending ? -1 : 1;
  return rows.sort((a, b) => direction * compare(a, b, sort.key));
}

function compare(a: TensorRow, b: TensorRow, key: TensorKey): number {
  if (key === 'dtype') return a.info.dtype.localeCompare(b.info.dtype);
  return valueOf(a, key) - valueOf(b, key);
}

/** The number a column sorts by; tensors without statistics come first. */
function valueOf({ info, own }: TensorRow, key: TensorKey): number {
  if (key === 'shape') return elementCount(info.shape);
  if (!own) return Number.MIN_SAFE_INTEGER;
  if (key === 'broken') return own.nans + own.infinities;
  return key === 'order' || key === 'dtype' ? 0 : own[key];
}

/** Names of the tensors that hold NaN or infinities. */
export function brokenTensors(known: Statistics): string[] {
  return [...known.values()].filter(({ nans, infinities }) => nans + infinities > 0).map(({ name }) => name);
}
