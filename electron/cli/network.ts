// From a path and the user's options to a network with weights: the file may be a checkpoint in any of
// the three formats or a run folder; the network is named, described, or recognised.
import { readFile } from 'node:fs/promises';
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import { mergeableInside } from '@shared/merge/blocks-inside';
import { mergedSpec } from '@shared/merge/merged-spec';
import { blockSpec } from '@shared/model/blocks';
import { fitOf, isFitting, misfitText, type WeightsFit } from '@shared/model/fit';
import type { FoundBlock } from '@shared/model/recognise/blocks';
import { recognise } from '@shared/model/recognise/recognise';
import { parseNetworkSpec } from '@shared/model/schema';
import type { NetworkSpec } from '@shared/model/spec';
import { buildModel } from '@shared/model/zoo';
import type { NamedTensors } from '@shared/tensor/tensor';
import { UserError } from '@shared/base/user-error';
import { describedNetwork, nearestText, networkOf } from '../files/checkpoint-network';
import { severalSetsText, shortList } from '../app/checkpoint/weight-sets-text';
import { openNamedWeights } from '../app/checkpoint/weights-file';
import type { AllocateBytes, WeightsChoice } from '../files';
import { isSizeAssumed, sizedAsAsked } from './input-size';
import { readShown, StatusLine } from './progress';
import { remark, settingsFrom, type NetworkOptions } from './verb';

/** A network and where its weights are. */
export interface OpenedNetwork {
  readonly spec: NetworkSpec;
  readonly file: CheckpointFile;
}

/**
 * Opens a checkpoint file, the last train-form checkpoint of a run folder, or `bundled:NAME`; its values are read into arrays from
 * `allocate`. Says on stderr which of several sets of weights is read, and what lies beside the weights.
 */
export async function openWeights(path: string, choice: WeightsChoice = {}, allocate?: AllocateBytes): Promise<CheckpointFile> {
  const file = await openQuietly(path, choice, allocate);
  if (choice.weights === undefined && file.weightSets.length > 1) remark(severalSetsText(file));
  if (file.setAside.length > 0) remark(`${file.fileName}: beside the weights and left out: ${shortList(file.setAside)}`);
  return file;
}

/** As `openWeights`, saying nothing. */
export function openQuietly(path: string, { weights, ifSeveral }: WeightsChoice, allocate?: AllocateBytes): Promise<CheckpointFile> {
  return openNamedWeights(path, { weights, ifSeveral }, allocate);
}

/** Opens `path` and decides which network it holds. Throws UserError where it fits nothing, saying what differs. */
export async function openNetwork(path: string, options: NetworkOptions): Promise<OpenedNetwork> {
  const file = await openWeights(path, options);
  return { file, spec: await specOf(file, options) };
}

/** A network with its weights. */
export interface ReadNetwork {
  readonly spec: NetworkSpec;
  readonly weights: NamedTensors;
  /** Nothing but a default says how large its inputs are. */
  readonly sizeAssumed: boolean;
}

/** Whether neither the file's metadata nor the user says how large the inputs are, and the weights do not tell. */
export function hasAssumedSize(file: CheckpointFile, spec: NetworkSpec, options: NetworkOptions): boolean {
  return isSizeAssumed(spec, options.model !== undefined || (!options.block && describedNetwork(file) !== null), options);
}

/** As `openNetwork`, with every tensor read. */
export async function readNetwork(path: string, options: NetworkOptions): Promise<ReadNetwork> {
  const file = await openWeights(path, options);
  try {
    const spec = await specOf(file, options);
    return { spec, sizeAssumed: hasAssumedSize(file, spec, options), weights: await readShown(file, new StatusLine()) };
  } finally {
    await file.close();
  }
}

/** Every tensor of a file, whatever network it may be. */
export async function readTensors(path: string, status: StatusLine, choice: WeightsChoice = {}): Promise<NamedTensors> {
  const file = await openWeights(path, choice);
  try {
    return await readShown(file, status);
  } finally {
    await file.close();
  }
}

/** The blocks to merge inside a checkpoint that is no known network as a whole and for which none is named; else none. */
export async function blocksInside(file: CheckpointFile, options: NetworkOptions): Promise<readonly FoundBlock[]> {
  if ((await describedSpec(options)) !== null || networkOf(file) !== null) return [];
  const blocks = mergeableInside(recognise(file.tensors).blocks, file.fileName);
  if (blocks.length > 0 && options.inputSize !== undefined)
    throw new UserError(
      `${file.fileName} is no network known here: its blocks stand alone, and nothing says how large their maps are for inputs of ${options.inputSize}; leave out --input-size, or name the network with --model`,
    );
  for (const { block, assumed } of blocks)
    if (assumed.length > 0) remark(`assumed for ${block.name || 'the block'}: ${assumed.join('; ')}`);
  return blocks;
}

/** The network of a checkpoint, by options, else by its own metadata, else recognised. */
export async function specOf(file: CheckpointFile, options: NetworkOptions): Promise<NetworkSpec> {
  const described = await describedSpec(options);
  if (described) return fittingForm(described, file, options);
  const spec = networkOf(file);
  if (!spec)
    throw new UserError(`${file.fileName} holds no network that is known here; name one with --model or --block. ${nearestText(file)}`);
  if (options.form && options.form !== spec.form)
    throw new UserError(`${file.fileName} holds weights in ${spec.form} form, not in ${options.form} form`);
  return sizedAsAsked(spec, options);
}

/** The network named by --model or --block, train form; null if neither is given. Throws UserError for contradicting options. */
export async function describedSpec(options: NetworkOptions): Promise<NetworkSpec | null> {
  if (options.set?.length && (options.block || !options.model)) throw new UserError('--set goes with --model NAME');
  if (options.block) {
    if (options.model) throw new UserError('give either --model or --block, not both');
    if (!options.config) throw new UserError(`--block ${options.block} needs --config FILE.json with the block's constructor arguments`);
    return sizedAsAsked(blockSpec(options.block, await readJson(options.config)), options);
  }
  if (options.config) throw new UserError('--config goes with --block FAMILY');
  if (options.model) return modelSpec(options.model, options);
  return null;
}

/** A zoo model with settings, or a network description from a .json file; for inputs of the size asked for. */
export async function modelSpec(model: string, options: Pick<NetworkOptions, 'set' | 'inputSize'>): Promise<NetworkSpec> {
  const { set = [] } = options;
  if (!model.endsWith('.json')) return sizedAsAsked(buildModel(model, settingsFrom(set)), options);
  if (set.length > 0) throw new UserError('--set changes zoo models; edit the .json file instead');
  return sizedAsAsked(parseNetworkSpec(await readJson(model)), options);
}

/** Parsed JSON of a file. Throws UserError naming the file. */
export async function readJson(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new UserError(`cannot read ${path}: ${(error as Error).message}`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${path} is not JSON: ${(error as Error).message}`);
  }
}

function fittingForm(train: NetworkSpec, file: CheckpointFile, options: NetworkOptions): NetworkSpec {
  const forms = [train, mergedSpec(train), mergedSpec(train, { fuseAllConvBn: true })];
  const wanted = options.form ? forms.filter((spec) => spec.form === options.form) : forms;
  const fits = wanted.map((spec) => ({ spec, fit: fitOf(spec, file.tensors) }));
  const fitting = fits.find(({ fit }) => isFitting(fit));
  if (fitting) return fitting.spec;
  const nearest = fits.reduce((a, b) => (strangers(b.fit) < strangers(a.fit) ? b : a));
  const { recognised } = recognise(file.tensors);
  const hint = recognised ? `; they do fit ${recognised.model}${settingsText(recognised.settings)} (${recognised.form} form)` : '';
  throw new UserError(
    `the weights in ${file.fileName} do not fit ${train.name} (${nearest.spec.form} form): ${misfitText(nearest.fit)}${hint}`,
  );
}

/** Tensors of the file that do not belong: in the form that the file is in there are fewest, whatever its size. */
function strangers({ unexpected, wrong }: WeightsFit): number {
  return unexpected.length + wrong.length;
}

/** ` with g=4, r=8,8`, or nothing. */
export function settingsText(settings: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? '' : ` with ${pairs.join(' ')}`;
}
