// The names and shapes of a state dict, with the questions recognition asks of them.
import { namesBelow } from '../../tensor/names-below';
import type { TensorInfo } from '../../tensor/tensor';

export class ShapeBook {
  private readonly shapes: ReadonlyMap<string, readonly number[]>;
  private kernels: ReadonlyMap<string, readonly number[]> | null = null;

  constructor(tensors: readonly TensorInfo[]) {
    this.shapes = new Map(tensors.map((tensor) => [tensor.name, tensor.shape]));
  }

  has(name: string): boolean {
    return this.shapes.has(name);
  }

  /** Size of one axis of a tensor, or NaN where there is none (NaN then fails every comparison). */
  size(name: string, axis: number): number {
    return this.shapes.get(name)?.[axis] ?? NaN;
  }

  shape(name: string): readonly number[] | undefined {
    return this.shapes.get(name);
  }

  names(): IterableIterator<string> {
    return this.shapes.keys();
  }

  /** The distinct first captures of a pattern over all names, in order of appearance. */
  captures(pattern: RegExp): string[] {
    const found = new Set<string>();
    for (const name of this.names()) {
      const capture = pattern.exec(name)?.[1];
      if (capture !== undefined) found.add(capture);
    }
    return [...found];
  }

  /** Kernel sizes K of the conv branches `<prefix>repconv<K>.`, in order of appearance. */
  kernelsAt(prefix: string): readonly number[] {
    return (this.kernels ??= kernelsByPrefix(this.names())).get(prefix) ?? [];
  }

  /** The names that begin with a prefix, in order of appearance. */
  below(prefix: string): string[] {
    return namesBelow(this.shapes).below(prefix);
  }
}

function kernelsByPrefix(names: Iterable<string>): Map<string, number[]> {
  const kernels = new Map<string, number[]>();
  for (const name of names) {
    const [, prefix, K] = /^((?:.*\.)?)repconv(\d+)\.conv\.weight$/.exec(name) ?? [];
    if (K === undefined) continue;
    const known = kernels.get(prefix) ?? [];
    if (!known.includes(Number(K))) kernels.set(prefix, [...known, Number(K)]);
  }
  return kernels;
}
