// From a path and the user's options to a network with weights: the file may be a checkpoint in any of
// the three formats or a run folder; the network is named, described, or recognised.
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import { readJson } from '../files/json-file';
import { blockSpec } from '@shared/model/block-families';
import { canonicalTensors } from '@shared/model/canonical/canonical';
import { NO_CHOICE, type Choices } from '@shared/model/recognise/partition-readings';
import { forInputs } from '@shared/model/recognise/for-inputs';
import type { Understanding } from '@shared/model/recognise/understand';
import { parseNetworkSpec } from '@shared/model/schema';
import type { NetworkSpec, Pair } from '@shared/model/spec';
import { buildModel } from '@shared/model/zoo';
import type { NamedTensors } from '@shared/tensor/tensor';
import { UserError } from '@shared/base/user-error';
import { knownNetwork, understandAs } from '../app/checkpoint/stated-network';
import { describedNetwork } from '../files/checkpoint-network';
import { severalSetsText, shortList } from '../app/checkpoint/weight-sets-text';
import { openNamedWeights } from '../app/checkpoint/weights-file';
import { sharedBytes, type AllocateBytes, type WeightsChoice } from '../files';
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
 * `allocate`, memory that engines share where nothing else is said. Says on stderr which of several sets of weights is read, and what lies beside the weights.
 */
export async function openWeights(
  path: string,
  choice: WeightsChoice = {},
  allocate: AllocateBytes = sharedBytes,
): Promise<CheckpointFile> {
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

/** As `openNetwork`, with every tensor read, under official names; `inputs` (N, C, H, W) may tell what shapes leave open. */
export async function readNetwork(path: string, options: NetworkOptions, inputs?: readonly number[]): Promise<ReadNetwork> {
  const file = await openWeights(path, options);
  try {
    const understood = await understandWith(file, options);
    const isDescribed = options.model !== undefined || options.block !== undefined || describedNetwork(file) !== null;
    const spec = inputs === undefined || isDescribed ? known(understood, options) : knownFor(inputs, understood, options);
    const weights = canonicalTensors(understood.canonical, await readShown(file, new StatusLine()));
    return { spec, weights, sizeAssumed: hasAssumedSize(file, spec, options) };
  } finally {
    await file.close();
  }
}

const NAMES = { inputSize: '--input-size', naming: 'name one with --model or --block' } as const;

/** What a checkpoint holds, with what the options say of it. Throws UserError where they contradict the file. */
export async function understandWith(file: CheckpointFile, options: NetworkOptions): Promise<Understanding> {
  const { form, inputSize } = options;
  return understandAs(file, { network: await describedSpec(options), form, inputSize, choices: choicesFrom(options) }, NAMES);
}

/** What --partition and --eps say. Throws UserError naming the option. */
export function choicesFrom({ partition, eps }: NetworkOptions): Choices {
  if (partition === undefined && eps === undefined) return NO_CHOICE;
  const partitions = (partition?.split(',') ?? []).map((text): Pair => {
    const [, h, w] = /^\s*([1-9]\d{0,5})x([1-9]\d{0,5})\s*$/i.exec(text) ?? [];
    if (h === undefined) throw new UserError(`--partition takes height x width, for example --partition 7x7; got "${partition}"`);
    return [Number(h), Number(w)];
  });
  const value = eps === undefined ? null : Number(eps);
  if (value !== null && !(value >= 0 && Number.isFinite(value) && eps?.trim() !== ''))
    throw new UserError(`--eps takes a number of at least 0, for example --eps 1e-3; got "${eps}"`);
  return { partitions, eps: value };
}

/** The network of a checkpoint, by options, else by its own metadata, else recognised. */
export async function specOf(file: CheckpointFile, options: NetworkOptions): Promise<NetworkSpec> {
  return known(await understandWith(file, options), options);
}

function known(understood: Understanding, { form }: NetworkOptions): NetworkSpec {
  const spec = knownNetwork(understood, { form }, NAMES);
  const isAssumed = understood.others.size > 0 || (understood.recognition.recognised?.assumed.length ?? 0) > 0;
  if (isAssumed) understood.said.forEach(remark);
  return spec;
}

/** The network as far as the inputs decide between its readings; said is what they told, else what was assumed. */
function knownFor(inputs: readonly number[], understood: Understanding, { form }: NetworkOptions): NetworkSpec {
  const undecided = understood.spec !== null && understood.questions.length > 0;
  const own = undecided ? (understood.spec as NetworkSpec) : knownNetwork(understood, { form }, NAMES);
  const { spec, told } = forInputs(understood, own, inputs);
  if (told === null) return known(understood, { form });
  remark(told);
  return spec;
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
