// The weights of two files, one pair after the other, so that no more is held than what is asked for: tensors that are the same in
// both are held once. Counters of batch norms are nothing a function is computed from: they are counted, not listed.
import type { NetworkSpec } from '../../model/spec';
import type { Tensor, TensorInfo } from '../../tensor/tensor';
import { matchNames } from './match-names';
import type { ChangeMaps, DiffNames, MovedWeight } from './report';
import { changeOf, comparedValues } from './weight-change';
import { changeMaps, fc3Shapes, layoutOf, placeText, type WeightLayout } from './weight-places';

/** One file, under official names, read tensor by tensor. */
export interface ComparedFile {
  readonly fileName: string;
  /** In the form its weights are in; null where it is unknown. */
  readonly spec: NetworkSpec | null;
  readonly infos: readonly TensorInfo[];
  readonly read: (name: string) => Promise<Tensor>;
}

export interface ComparedWeights {
  readonly names: DiffNames;
  /** The most moved first. */
  readonly moved: readonly MovedWeight[];
  readonly looks: readonly ChangeMaps[];
  readonly compared: number;
  /** Counters that differ. */
  readonly counters: number;
  /** Both files' tensors under A's names where they are matched; B's is A's object where they are the same. */
  readonly held: { readonly a: Map<string, Tensor>; readonly b: Map<string, Tensor> };
}

/** Weights whose places are drawn. */
export const MOST_MAPS = 12;

/** Compares tensor by tensor; `hold` keeps what was read, to be run. */
export async function compareWeights(
  a: ComparedFile,
  b: ComparedFile,
  { hold, onProgress }: { readonly hold: boolean; readonly onProgress?: (done: number, total: number) => void },
): Promise<ComparedWeights> {
  const { pairs, names } = await matchNames(a.infos, b.infos, { a: valuesKey(a), b: valuesKey(b) });
  const fc3 = fc3Shapes(a.spec ?? b.spec);
  const held = { a: new Map<string, Tensor>(), b: new Map<string, Tensor>() };
  const [moved, drawn]: [MovedWeight[], DrawnChanges] = [[], new DrawnChanges()];
  let counters = 0;
  for (const [index, [name, inB]] of pairs.entries()) {
    const before = await a.read(name);
    const after = await b.read(inB);
    const change = changeOf(before, after);
    if (hold) {
      held.a.set(name, before);
      held.b.set(name, change === null && before.dtype === after.dtype ? before : after);
    }
    if (change !== null && isCounter(name)) counters++;
    else if (change !== null) {
      const layout = layoutOf(a.spec === null ? inB : name, before.shape, fc3);
      const { offset, ...worst } = change.worst;
      moved.push({
        ...change,
        name,
        inB: inB === name ? null : inB,
        worst: { ...worst, index: [...worst.index], place: placeText(layout, offset) },
      });
      drawn.add({ name, relative: change.relative, layout }, before, after);
    }
    onProgress?.(index + 1, pairs.length);
  }
  moved.sort((one, other) => other.relative - one.relative);
  return { names, moved, looks: drawn.maps(), compared: pairs.length, counters, held };
}

function isCounter(name: string): boolean {
  return name.endsWith('num_batches_tracked');
}

/** The maps of the most moved weights that have places in the image; no more are kept at a time. */
class DrawnChanges {
  #kept: (ChangeMaps & { readonly relative: number })[] = [];

  add({ name, relative, layout }: { name: string; relative: number; layout: WeightLayout }, before: Tensor, after: Tensor): void {
    if (layout.kind !== 'fc3' && layout.kind !== 'kernel') return;
    if (this.#kept.length === MOST_MAPS && this.#kept[MOST_MAPS - 1].relative >= relative) return;
    const maps = changeMaps(layout, ...comparedValues(before, after));
    this.#kept = [...this.#kept, { name, maps, relative }].sort((one, other) => other.relative - one.relative).slice(0, MOST_MAPS);
  }

  maps(): ChangeMaps[] {
    return this.#kept.map(({ name, maps }) => ({ name, maps }));
  }
}

/** All bytes, in two sums of 32 bits that mix differently. */
function valuesKey({ read }: ComparedFile): (name: string) => Promise<string> {
  return async (name) => {
    const { data, dtype } = await read(name);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    let [x, y] = [2166136261, 5381];
    for (const byte of bytes) {
      x = Math.imul(x ^ byte, 16777619);
      y = (Math.imul(y, 33) + byte) | 0;
    }
    return `${dtype} ${x >>> 0} ${y >>> 0}`;
  };
}
