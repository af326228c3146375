// Names that other code bases give to RepMLPNet's modules, as data: pairs of the official module path and
// theirs. A dialect is spoken where the file has all the modules that mark it.
import { moduleOf } from './draft';

/** One code base's names. */
export interface Dialect {
  readonly name: string;
  /** Spoken where a tensor matches each. */
  readonly marks: readonly RegExp[];
  /** Official module path and the dialect's; `#` stands for a number, the same on both sides. */
  readonly modules: readonly (readonly [official: string, theirs: string])[];
}

/** mmpretrain (and mmcls): a backbone of RepMLPNet with a linear head. */
const mmpretrain: Dialect = {
  name: 'mmpretrain',
  marks: [/^backbone\.patch_embed\.projection\.weight$/, /^backbone\.stages\.0\.0\.repmlp_block\.fc3\.weight/],
  modules: [
    ['conv_embedding.conv', 'backbone.patch_embed.projection'],
    ['conv_embedding.bn', 'backbone.patch_embed.norm'],
    ['stages.#.#.repmlp_block.gp.fc1', 'backbone.stages.#.#.repmlp_block.gp.conv1.conv'],
    ['stages.#.#.repmlp_block.gp.fc2', 'backbone.stages.#.#.repmlp_block.gp.conv2.conv'],
    ['stages.#.#.prebn1', 'backbone.stages.#.#.norm1'],
    ['stages.#.#.prebn2', 'backbone.stages.#.#.norm2'],
    ['stages', 'backbone.stages'],
    ['embeds', 'backbone.downsample_layers'],
    ['head_norm', 'backbone.final_norm'],
    ['head', 'head.fc'],
  ],
};

const DIALECTS: readonly Dialect[] = [mmpretrain];

/** The dialect of a file's names; null where they are official, or nobody's. */
export function dialectOf(names: readonly string[]): Dialect | null {
  return DIALECTS.find(({ marks }) => marks.every((mark) => names.some((name) => mark.test(name)))) ?? null;
}

/** The official name of a tensor of the dialect; its own where the dialect has no word for it. */
export function toOfficial({ modules }: Dialect, name: string): string {
  return translated(
    modules.map(([official, theirs]) => [theirs, official]),
    name,
  );
}

/** The dialect's name of an official tensor. */
export function toDialect({ modules }: Dialect, name: string): string {
  return translated(modules, name);
}

/** Patterns of module paths, made once. */
const patterns = new Map<string, RegExp>();

function patternOf(module: string): RegExp {
  const known = patterns.get(module) ?? new RegExp(`^${module.replaceAll('.', '\\.').replaceAll('#', '(\\d+)')}(?=\\.|$)`);
  patterns.set(module, known);
  return known;
}

/** The first pair whose left side is the module of `name`, or a parent of it, is applied. */
function translated(pairs: readonly (readonly [from: string, to: string])[], name: string): string {
  for (const [from, to] of pairs) {
    const match = patternOf(from).exec(moduleOf(name));
    if (match === null) continue;
    const numbers = match.slice(1);
    return to.replace(/#/g, () => numbers.shift() ?? '') + name.slice(match[0].length);
  }
  return name;
}
