// Which network a state dict holds, and in which form, from names and shapes alone: a zoo model with
// its settings, one of the papers' blocks, or neither; then the nearest model and what differs, and any
// re-parameterizable blocks inside.
import { compositeRecord, isComposite, type LayerSpec } from '../composites';
import { mergedSpec } from '../merged-spec';
import type { TensorInfo } from '../../tensor/tensor';
import { UserError } from '../../base/user-error';
import { fitOf, indexOf, layerProblem, misfitCount, misfitText, type TensorIndex } from '../fit';
import { leafParameters } from '../parameters';
import type { Form, NetworkSpec, RepBlock } from '../spec';
import { buildModel, zoo, zooEntry, type SettingTexts } from '../zoo';
import { findBlocks, type FoundBlock } from './blocks';
import { guesses } from './families';
import { ShapeBook } from './shapes';
import { singleBlockSpecs } from './single';

/** A recognised network. `settings` are those that differ from the zoo model's defaults. */
export interface RecognisedModel {
  readonly model: string;
  readonly settings: SettingTexts;
  readonly form: Form;
  readonly spec: NetworkSpec;
  /** What names and shapes could not tell and was assumed. */
  readonly assumed: readonly string[];
}

/** The answer to "what is in this file?". */
export interface Recognition {
  readonly recognised: RecognisedModel | null;
  /** The zoo model that fits best and how it differs, where none fits. */
  readonly nearest: { readonly model: string; readonly form: Form; readonly difference: string } | null;
  /** Blocks found inside, recognised network or not. */
  readonly blocks: readonly BlockInside[];
  /** Tensors of conv branches, and of batch norms of an FC3, that belong to none of these blocks: what they are for is not known. */
  readonly astray: readonly string[];
}

/** A block inside a checkpoint, and what keeps it from being computed: a tensor missing, or of a shape or type it cannot have. */
export interface BlockInside extends FoundBlock {
  readonly problem: string | null;
}

/** What was found for a directory: the same file is asked about from several places, and large ones take tens of milliseconds. */
const found = new WeakMap<readonly TensorInfo[], Recognition>();

/** Recognises the network a checkpoint holds. */
export function recognise(tensors: readonly TensorInfo[]): Recognition {
  const known = found.get(tensors) ?? recogniseAnew(tensors);
  found.set(tensors, known);
  return known;
}

function recogniseAnew(tensors: readonly TensorInfo[]): Recognition {
  const book = new ShapeBook(tensors);
  const infos = indexOf(tensors);
  const blocks = findBlocks(book).map((one) => ({ ...one, problem: problemOf(one, infos, book) }));
  const recognised = recogniseZooModel(book, infos) ?? recogniseSingle(book, infos);
  let nearest: Recognition['nearest'] | undefined;
  return {
    recognised,
    blocks,
    astray: strayBranches(blocks, tensors),
    // Asked for where something is refused: the whole zoo is built for it.
    get nearest() {
      if (nearest === undefined) nearest = recognised ? null : nearestModel(book, infos);
      return nearest;
    },
  };
}

/** What keeps a block from being computed: a tensor that is missing or does not fit, or one that the block has no place for. */
function problemOf({ block, prefix }: FoundBlock, infos: TensorIndex, book: ShapeBook): string | null {
  const problem = layerProblem(block, block.name, infos);
  if (problem !== null) return problem;
  const known = new Set(leafParameters(block, block.name).map(({ name }) => name));
  const stranger = book.below(prefix).find((name) => !known.has(name));
  if (stranger === undefined) return evenKernel(block);
  return `${stranger} is not part of the block, so its function is not known; take the tensor out if nothing is computed from it, or give it the name it has in the official code`;
}

function evenKernel({ kernels }: RepBlock): string | null {
  const even = kernels.find((K) => K % 2 === 0);
  return even === undefined ? null : `its ${even}x${even} kernel has no centre: kernel sizes are odd`;
}

/** Branches, and batch norms of an FC3, below no train-form block: of a block that was not understood, or left over from one. */
function strayBranches(blocks: readonly FoundBlock[], tensors: readonly TensorInfo[]): string[] {
  const owners = new Set(blocks.filter(({ block }) => block.form === 'train').map(({ prefix }) => prefix));
  return tensors
    .map(({ name }) => name)
    .filter((name) => {
      const owner = /^((?:.*\.)?)(?:repconv\d+|fc3_bn)\./.exec(name)?.[1];
      return owner !== undefined && !owners.has(owner);
    });
}

/** The forms a train-form network can be found in: as it is, merged, merged with every conv-BN pair fused, as it is with a bias in every FC3 of a RepMLPNet. */
export function formsOf(train: NetworkSpec): NetworkSpec[] {
  const biased = { ...train, layers: train.layers.map(withFc3Bias) };
  return [train, mergedSpec(train), mergedSpec(train, { fuseAllConvBn: true }), biased];
}

function withFc3Bias(layer: LayerSpec): LayerSpec {
  if (layer.kind === 'repmlpNetBlock') return layer.form === 'train' ? { ...layer, fc3Bias: true } : layer;
  if (!isComposite(layer)) return layer;
  const record = compositeRecord(layer);
  return record.withLayers(
    layer,
    record.parts(layer).map((part) => part.layers.map(withFc3Bias)),
  );
}

function recogniseZooModel(book: ShapeBook, infos: TensorIndex): RecognisedModel | null {
  const fitting = guesses(book).flatMap(({ model, settings }) => {
    const train = builtOrNull(model, settings);
    const spec = train && formsOf(train).find((candidate) => misfitCount(candidate, infos) === 0);
    return spec ? [{ model, settings: changedSettings(model, settings), form: spec.form, spec, assumed: [] }] : [];
  });
  const fewestChanges = (a: RecognisedModel, b: RecognisedModel): number => Object.keys(a.settings).length - Object.keys(b.settings).length;
  return fitting.sort(fewestChanges)[0] ?? null;
}

function builtOrNull(model: string, settings: SettingTexts): NetworkSpec | null {
  try {
    return buildModel(model, settings);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

function changedSettings(model: string, settings: SettingTexts): SettingTexts {
  const { settings: declared } = zooEntry(model);
  const defaultOf = (key: string): string | undefined => declared.find((setting) => setting.key === key)?.default;
  const same = (key: string, text: string): boolean => text === defaultOf(key) || isPaperR(model, key, settings);
  return Object.fromEntries(Object.entries(settings).filter(([key, text]) => !same(key, text)));
}

/** `r=paper` of the bottleneck models stands for r = 2 in c2 and c3 and 4 in c4 and c5. */
function isPaperR(model: string, key: string, settings: SettingTexts): boolean {
  if (key !== 'r' || !model.includes('bottleneck') || settings.stages === undefined) return false;
  const paper = settings.stages.split(',').map((stage) => (stage === 'c2' || stage === 'c3' ? 2 : 4));
  return settings.r === paper.join(',');
}

function recogniseSingle(book: ShapeBook, infos: TensorIndex): RecognisedModel | null {
  for (const { spec: train, assumed } of singleBlockSpecs(book)) {
    const spec = formsOf(train).find((candidate) => misfitCount(candidate, infos) === 0);
    if (spec) return { model: spec.name, settings: {}, form: spec.form, spec, assumed };
  }
  return null;
}

function nearestModel(book: ShapeBook, infos: TensorIndex): Recognition['nearest'] {
  const guessed = guesses(book).map(({ model, settings }) => builtOrNull(model, settings) ?? buildModel(model));
  const trains = guessed.length > 0 ? guessed : zoo.map((entry) => buildModel(entry.name));
  const candidates = trains.flatMap(formsOf).map((spec) => ({ spec, misfits: misfitCount(spec, infos) }));
  const { spec } = candidates.reduce((a, b) => (b.misfits < a.misfits ? b : a));
  const fit = fitOf(spec, infos.values());
  return fit.unexpected.length === infos.size ? null : { model: spec.name, form: spec.form, difference: misfitText(fit) };
}
