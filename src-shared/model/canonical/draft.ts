// A state dict on its way to the names this program computes with: tensors by canonical name, each with the
// names of the file's tensors it is made of. Every step takes a draft and gives the next one.
// Invariant: a tensor of the file is the source of some canonical tensor, or is set aside; none is lost.
import { elementCount, type Tensor, type TensorInfo } from '../../tensor/tensor';

/** Reads a tensor of the file by the file's own name. */
export type ReadTensor = (name: string) => Tensor;

/** A tensor under its canonical name. */
export interface CanonicalTensor extends TensorInfo {
  /** The file's tensors it is made of; none where it stands for something the file leaves out (gamma = 1). */
  readonly sources: readonly string[];
  /** Its values. Pure: the same values give the same tensor. */
  readonly make: (read: ReadTensor) => Tensor;
}

/** Canonical tensors by name, in the file's order. */
export type Draft = ReadonlyMap<string, CanonicalTensor>;

/** One thing that was done, in words, and to which module: told to the user. */
export interface Done {
  readonly what: string;
  readonly at: string;
}

/** The file as it is. */
export function asStored(tensors: readonly TensorInfo[]): Draft {
  return new Map(tensors.map((info) => [info.name, { ...info, sources: [info.name], make: (read: ReadTensor) => read(info.name) }]));
}

/** The draft with tensors put in the place of others: `made` replaces the first of `taken`, the rest of them go. */
export function replaced(draft: Draft, taken: readonly string[], made: readonly CanonicalTensor[]): Draft {
  const gone = new Set(taken);
  const next = new Map<string, CanonicalTensor>();
  let placed = false;
  for (const [name, tensor] of draft) {
    if (!gone.has(name)) {
      next.set(name, tensor);
      continue;
    }
    if (!placed) for (const one of made) next.set(one.name, one);
    placed = true;
  }
  return next;
}

/** The draft with tensors renamed, in place. A new name that is taken already stays as it was: two tensors never become one. */
export function renamed(draft: Draft, names: ReadonlyMap<string, string>): Draft {
  const next = new Map<string, CanonicalTensor>();
  for (const [name, tensor] of draft) {
    const wanted = names.get(name) ?? name;
    const free = wanted === name || (!draft.has(wanted) && !next.has(wanted));
    next.set(free ? wanted : name, free ? { ...tensor, name: wanted } : tensor);
  }
  return next;
}

/** Counters that tools leave beside weights and nothing is computed from: AveragedModel, thop. */
const COUNTERS = new Set(['n_averaged', 'total_ops', 'total_params']);

/** Whether a tensor is such a counter: known by its name, and a single number. */
export function isCounter({ name, shape }: TensorInfo): boolean {
  return COUNTERS.has(lastOf(name)) && elementCount(shape) === 1;
}

/** `weight` of `stages.0.conv.weight`. */
export function lastOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** `stages.0.conv` of `stages.0.conv.weight`; empty for a name without a dot. */
export function moduleOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('.')));
}
