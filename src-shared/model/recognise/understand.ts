// What a checkpoint holds, all told: its tensors under official names, the network they make or the blocks inside
// an unknown one, what pickled modules or the user say of partitions and eps, and what is left to ask. Command
// line and window read every file through here, so both merge and judge the same thing.
import type { ModuleSettings, SettingsOfModules } from '../../checkpoint/checkpoint-file';
import type { TensorInfo } from '../../tensor/tensor';
import { UserError } from '../../base/user-error';
import { canonicalInfos, canonicalise, type Canonical } from '../canonical/canonical';
import { fitOf, isFitting } from '../fit';
import { isRepBlock, joinPath, type NetworkSpec, type RepBlock } from '../spec';
import { leavesOf } from '../walk';
import { contradiction, epsOfModules, leafWithEps, unusualEps, withEps, type EpsAt } from './modules';
import { withBlocks } from './partitioned';
import { decide, NO_CHOICE, questionText, type Choices, type Decided, type PartitionQuestion, sizesProblem } from './partition-readings';
import { activationProblem } from './module-functions';
import { recognise, type BlockInside, type Recognition } from './recognise';

/** What is known of a file before its values are read. */
export interface KnownFile {
  readonly fileName: string;
  readonly tensors: readonly TensorInfo[];
  readonly moduleSettings: SettingsOfModules;
}

/** The answer. */
export interface Understanding {
  readonly fileName: string;
  readonly canonical: Canonical;
  /** Of the canonical names. */
  readonly recognition: Recognition;
  /** The network, partitions and eps in it; null where it is unknown. */
  readonly spec: NetworkSpec | null;
  /** Blocks inside an unknown network, both forms. */
  readonly blocks: readonly BlockInside[];
  /** What was read in another way than it stands in the file, assumed, or taken from the file's modules: told to the user. */
  readonly said: readonly string[];
  readonly questions: readonly PartitionQuestion[];
  /** Other partitions of the blocks, by path, that shapes allow and that would merge to other weights. */
  readonly others: ReadonlyMap<string, readonly RepBlock[]>;
}

/** Reads a file's directory. `described` is the network that its metadata or the user names, in the form the file is in: it leaves no question. */
export function understand(file: KnownFile, choices: Choices = NO_CHOICE, described: NetworkSpec | null = null): Understanding {
  const canonical = canonicalOf(file, choices);
  const recognition = recognise(canonicalInfos(canonical));
  const epsAt: EpsAt = choices.eps === null ? epsOfModules(canonical, file.moduleSettings) : () => choices.eps ?? undefined;
  const base = { fileName: file.fileName, canonical, recognition };
  const network = described ?? recognition.recognised?.spec ?? null;
  if (network === null) return { ...base, ...unknownNetwork(file, base, epsAt, choices) };
  const decided = described ? [] : decideAll(recognition.blocks, file, canonical, choices);
  const asked = isPublished(recognition) ? [] : decided;
  const blocks = new Map(decided.filter(({ by, assumed }) => by !== null || assumed !== null).map(({ block }) => [block.name, block]));
  const spec = withEps(withBlocks(network, blocks, file.fileName), epsAt);
  checkModules(spec, canonical, file);
  const assumed = described ? [] : assumedOf(recognition, decided);
  const leaves = leavesOf(spec).map(({ layer }) => layer);
  return {
    ...base,
    spec,
    blocks: [],
    said: [...canonical.notes, ...assumed, ...partitionTexts(decided), ...epsText(unusualEps(leaves), choices)],
    questions: questionsOf(asked),
    others: othersOf(asked),
  };
}

/** The file's tensors under official names. Throws UserError where the user's eps contradicts the file's modules. */
function canonicalOf({ fileName, tensors, moduleSettings }: KnownFile, { eps }: Choices): Canonical {
  const other = [...moduleSettings].find(([, { values }]) => eps !== null && typeof values.eps === 'number' && values.eps !== eps);
  if (other)
    throw new UserError(
      `${fileName}: --eps ${eps} contradicts the file, whose module ${other[0] || '(root)'} has eps ${other[1].values.eps}`,
    );
  return canonicalise(tensors, (module) => {
    const said = moduleSettings.get(module)?.values.eps;
    return typeof said === 'number' ? said : undefined;
  });
}

interface Base {
  readonly canonical: Canonical;
  readonly recognition: Recognition;
}

function unknownNetwork(file: KnownFile, { canonical, recognition }: Base, epsAt: EpsAt, choices: Choices) {
  const decided = decideAll(recognition.blocks, file, canonical, choices);
  const blocks = recognition.blocks.map((found, index) => {
    const block = leafWithEps(decided[index].block, found.block.name, epsAt);
    return { ...found, block, problem: found.problem ?? contradiction(block, block.name, canonical, file.moduleSettings) };
  });
  const assumed = blocks.flatMap(({ block, assumed: own }, index) =>
    block.form === 'train' && own.length > 0 && decided[index].by === null
      ? [`assumed for ${block.name || 'the block'}: ${own.join('; ')}`]
      : [],
  );
  const eps = epsText(unusualEps(blocks.map(({ block }) => block)), choices);
  const open = decided.filter(({ block }) => block.form === 'train');
  const said = [...canonical.notes, ...assumed, ...assumedTexts(open), ...partitionTexts(decided), ...eps];
  return { spec: null, blocks, said, questions: questionsOf(open), others: othersOf(open) };
}

function decideAll(blocks: readonly BlockInside[], file: KnownFile, canonical: Canonical, choices: Choices): Decided[] {
  return blocks.map((found) => decide(found, moduleOfBlock(found.block.name, file, canonical), choices));
}

/** What the file says of the module of the block at `path`: that of its FC3, one level up. */
function moduleOfBlock(path: string, { moduleSettings }: KnownFile, { tensors }: Canonical): ModuleSettings | undefined {
  const name = joinPath(path, 'fc3.weight');
  const source = tensors.get(name)?.sources[0] ?? name;
  return moduleSettings.get(source.slice(0, Math.max(0, source.lastIndexOf('fc3.') - 1)));
}

function othersOf(decided: readonly Decided[]): ReadonlyMap<string, readonly RepBlock[]> {
  return new Map(decided.filter(({ others }) => others.length > 0).map(({ block, others }) => [block.name, others]));
}

function assumedTexts(decided: readonly Decided[]): string[] {
  return decided.flatMap(({ assumed }) => (assumed === null ? [] : [`assumed ${assumed}`]));
}

function questionsOf(decided: readonly Decided[]): PartitionQuestion[] {
  return decided.flatMap(({ question }) => (question === null ? [] : [question]));
}

/** Networks of the zoo are published with their partitions; one block, or a RepMLPNet of free sizes whose partition is no square, may be anything. */
function isPublished({ recognised, blocks }: Recognition): boolean {
  if (recognised === null) return false;
  if (recognised.model === 'repmlpnet_model') return blocks.every(({ block: { h, w } }) => h === w);
  return !SINGLE.test(recognised.model);
}

const SINGLE = /^repmlp(_v1|net_block|net_unit|net_ffn)/;

/** What shapes did not tell, unless it was decided. */
function assumedOf({ recognised, blocks }: Recognition, decided: readonly Decided[]): string[] {
  if (recognised === null || decided.some(({ by }) => by !== null)) return [];
  if (SINGLE.test(recognised.model)) return [...recognised.assumed.map((text) => `assumed ${text}`), ...assumedTexts(decided)];
  if (recognised.assumed.length > 0 || blocks.length === 0) return recognised.assumed.map((text) => `assumed ${text}`);
  const sizes = [...new Set(blocks.map(({ block: { h, w } }) => `${h}x${w}`))];
  return [`assumed square partitions (${sizes.join(', ')}), as in the published networks`];
}

function partitionTexts(decided: readonly Decided[]): string[] {
  const texts = decided.flatMap(({ block, by }) => (by === null ? [] : [`${block.h}x${block.w} ${by}`]));
  return texts.length === 0 ? [] : [`partitions ${[...new Set(texts)].join(', ')}`];
}

function epsText(eps: readonly number[], choices: Choices): string[] {
  if (eps.length === 0) return [];
  return [`batch norms with eps ${eps.join(', ')} ${choices.eps === null ? "from the file's modules" : 'as was said'}`];
}

/** Throws UserError where a pickled module computes something else than the network that its tensors make. */
function checkModules(spec: NetworkSpec, canonical: Canonical, file: KnownFile): void {
  const leaves = leavesOf(spec);
  for (const { layer, path } of leaves) {
    const sizes = isRepBlock(layer) ? sizesProblem(layer, moduleOfBlock(path, file, canonical)) : null;
    const problem = contradiction(layer, path, canonical, file.moduleSettings);
    if (problem) throw new UserError(`${file.fileName}: ${problem}`);
    if (sizes) throw new UserError(`${file.fileName}: of ${path || 'the block'} ${sizes}`);
  }
  const other = activationProblem(leaves, file.moduleSettings);
  if (other) throw new UserError(`${file.fileName}: ${other}`);
}

/** The forms of `train` that a file's canonical tensors fit; null where they fit none. */
export function fittingForm(forms: readonly NetworkSpec[], canonical: Canonical): NetworkSpec | null {
  const infos = canonicalInfos(canonical);
  return forms.find((spec) => isFitting(fitOf(spec, infos))) ?? null;
}

/** Throws UserError asking what shapes leave open, where they do. */
export function expectDecided({ fileName, questions }: Pick<Understanding, 'fileName' | 'questions'>): void {
  if (questions.length > 0) throw new UserError(`${fileName}: ${questionText(questions)}`);
}

/** The train-form blocks of an unknown network, each of which can be merged. Throws UserError saying what is wrong with one of them. */
export function mergeableBlocks({
  fileName,
  blocks,
  recognition,
  questions,
}: Understanding): readonly (BlockInside & { block: RepBlock })[] {
  const train = blocks.filter(({ block }) => block.form === 'train');
  const unusable = train.find(({ problem }) => problem !== null);
  if (unusable) throw new UserError(`${fileName}: the block ${unusable.block.name || 'inside'} cannot be merged: ${unusable.problem}`);
  const [stray] = recognition.astray;
  if (stray !== undefined)
    throw new UserError(`${fileName}: ${stray} belongs to no block in train form, so its function is not known; nothing was merged`);
  expectDecided({ fileName, questions });
  return train;
}

/** The train-form blocks of a network and where they stand. */
export function trainBlocksOf(spec: NetworkSpec): { readonly path: string; readonly block: RepBlock }[] {
  return leavesOf(spec).flatMap(({ layer, path }) => (isRepBlock(layer) && layer.form === 'train' ? [{ path, block: layer }] : []));
}
