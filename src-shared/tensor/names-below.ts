// The names of a state dict by prefix. A file may have a hundred thousand tensors and as many modules: whoever asks of every
// module which tensors it has must not look at all of them each time.

export class NamesBelow {
  private readonly sorted: readonly { readonly name: string; readonly at: number }[];

  constructor(names: Iterable<string>) {
    this.sorted = Array.from(names, (name, at) => ({ name, at })).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The names that begin with `prefix`, in the order in which they were given. */
  below(prefix: string): string[] {
    const first = this.firstNotBefore(prefix);
    let end = first;
    while (end < this.sorted.length && this.sorted[end].name.startsWith(prefix)) end++;
    const found = this.sorted.slice(first, end);
    return found.sort((a, b) => a.at - b.at).map(({ name }) => name);
  }

  private firstNotBefore(prefix: string): number {
    let [low, high] = [0, this.sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.sorted[middle].name < prefix) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Made once for each directory that is asked; a directory does not change. */
const known = new WeakMap<ReadonlyMap<string, unknown>, NamesBelow>();

/** The names of a directory by prefix. */
export function namesBelow(directory: ReadonlyMap<string, unknown>): NamesBelow {
  const names = known.get(directory) ?? new NamesBelow(directory.keys());
  known.set(directory, names);
  return names;
}
