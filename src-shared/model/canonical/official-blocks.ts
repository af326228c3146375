// Every block of a file under its official names, one after the other. Each sees the tensors below its own prefix alone, so that
// a file of many blocks takes as long as it is large. Invariant: what no block changes stays the same object, in its place.
import { NamesBelow } from '../../tensor/names-below';
import { blockPrefixes, officialBlock, type KnownEps, type Step } from './blocks';
import type { CanonicalTensor, Done, Draft } from './draft';

/** The blocks of a draft under official names. */
export function officialBlocks(draft: Draft, epsOf: KnownEps): Step {
  const names = new NamesBelow(draft.keys());
  const now = new Map(draft);
  const done: Done[] = [];
  for (const prefix of blockPrefixes(draft.keys())) {
    const before = below(now, names, prefix);
    const step = officialBlock(before, prefix, epsOf);
    if (step.draft === before) continue;
    for (const name of before.keys()) now.delete(name);
    for (const [name, tensor] of step.draft) now.set(name, tensor);
    for (const one of step.done) done.push(one);
  }
  return { draft: done.length === 0 ? draft : inFileOrder(now, draft), done };
}

function below(draft: Draft, names: NamesBelow, prefix: string): Draft {
  return new Map(
    names.below(prefix).flatMap((name) => {
      const tensor = draft.get(name);
      return tensor === undefined ? [] : [[name, tensor] as const];
    }),
  );
}

/** Each tensor where the first one it is made of stands; what is made of none stands before what it was made for. */
function inFileOrder(tensors: Draft, file: Draft): Draft {
  const places = new Map<string | undefined, number>();
  for (const { sources } of file.values()) if (!places.has(sources[0])) places.set(sources[0], places.size);
  const placed: { readonly tensor: CanonicalTensor; place: number }[] = [];
  let place = places.size;
  for (const tensor of [...tensors.values()].reverse()) {
    place = places.get(tensor.sources[0]) ?? place;
    placed.push({ tensor, place });
  }
  placed.reverse();
  return new Map(placed.sort((a, b) => a.place - b.place).map(({ tensor }) => [tensor.name, tensor]));
}
