// Reads a state dict under the official names, whoever wrote it, and writes merged tensors back under the
// file's own. Every tensor of the file is the source of a canonical one or a counter that nothing is computed
// from; what no network or block has a place for keeps its name and is refused where that matters.
import type { NamedTensors, Tensor, TensorInfo } from '../../tensor/tensor';
import type { KnownEps } from './blocks';
import { inOnePiece } from './computed';
import { dialectOf, toDialect, toOfficial, type Dialect } from './dialects';
import { officialBlocks } from './official-blocks';
import { asStored, isCounter, renamed, type CanonicalTensor, type Done, type Draft } from './draft';

/** A state dict under official names. */
export interface Canonical {
  readonly tensors: Draft;
  /** Counters of tools, by the file's names. */
  readonly setAside: readonly string[];
  readonly dialect: Dialect | null;
  /** What was done besides renaming, a sentence each. */
  readonly notes: readonly string[];
}

const nothingKnown: KnownEps = () => undefined;

/** The tensors of a file under official names. `epsOf` tells the eps of batch norms by the file's module paths, where it is known. */
export function canonicalise(infos: readonly TensorInfo[], epsOf: KnownEps = nothingKnown): Canonical {
  const setAside = infos.filter(isCounter).map(({ name }) => name);
  const pieces = inOnePiece(asStored(infos.filter((info) => !isCounter(info))));
  const dialect = dialectOf([...pieces.draft.keys()]);
  const names = [...pieces.draft.keys()].map((name) => [name, dialect ? toOfficial(dialect, name) : name] as const);
  const named = dialect ? renamed(pieces.draft, new Map(names)) : pieces.draft;
  const blocks = officialBlocks(named, epsOf);
  const spoken = dialect ? [`names of ${dialect.name}`] : [];
  return { tensors: blocks.draft, setAside, dialect, notes: [...spoken, ...noteTexts([...pieces.done, ...blocks.done])] };
}

const LISTED = 3;

/** `weight norm put together (stages.0.conv.weight and 11 more)`. */
function noteTexts(done: readonly Done[]): string[] {
  const places = new Map<string, string[]>();
  for (const { what, at } of done) {
    const known = places.get(what) ?? [];
    known.push(at.replace(/\.$/, '') || 'the block');
    places.set(what, known);
  }
  return [...places].map(([what, at]) => {
    const more = at.length > LISTED ? ` and ${at.length - LISTED} more` : '';
    return `${what} (${at.slice(0, LISTED).join(', ')}${more})`;
  });
}

/** Directory of the canonical tensors. */
export function canonicalInfos({ tensors }: Canonical): TensorInfo[] {
  return [...tensors.values()].map(({ name, dtype, shape }) => ({ name, dtype, shape }));
}

/** The canonical tensors' values; those that are stored as they are stay the same objects. */
export function canonicalTensors({ tensors }: Canonical, stored: NamedTensors): NamedTensors {
  const read = (name: string): Tensor => {
    const tensor = stored.get(name);
    if (tensor === undefined) throw new Error(`the file's tensor ${name} was not read`);
    return tensor;
  };
  return new Map([...tensors].map(([name, tensor]) => [name, tensor.make(read)]));
}

/** The file's name of a canonical tensor: of what it is made of, else what the file would call it. */
export function fileNameOf({ tensors, dialect }: Canonical, name: string): string {
  const source = (tensors.get(name) as CanonicalTensor | undefined)?.sources[0];
  return source ?? (dialect ? toDialect(dialect, name) : name);
}

/**
 * A merged state dict as the file would hold it: what was not touched as it was stored, in all its parts; what was made under
 * the file's names. `before` are the canonical tensors that went into the merge.
 */
export function asFileHolds(canonical: Canonical, stored: NamedTensors, before: NamedTensors, merged: NamedTensors): NamedTensors {
  const written = new Map<string, Tensor>();
  for (const [name, tensor] of merged) {
    const source = canonical.tensors.get(name);
    if (source !== undefined && before.get(name) === tensor) {
      for (const part of source.sources) written.set(part, stored.get(part) as Tensor);
    } else written.set(canonical.dialect ? toDialect(canonical.dialect, name) : name, tensor);
  }
  return written;
}
