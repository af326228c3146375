// What shapes leave open of a block is asked for, not guessed: an area of 16 may be 4x4, 2x8 or 16x1, and the
// band a convolution becomes in the FC matrix depends on it. Readings that give one and the same merge need no
// question; what a pickled module says of itself, or the user, decides between the others.
import { largestOf } from '../../base/extremes';
import { z } from 'zod';
import type { Stored } from '../../base/sent';
import type { ModuleSettings } from '../../checkpoint/checkpoint-file';
import { UserError } from '../../base/user-error';
import type { Pair, RepBlock, RepMlp } from '../spec';
import { pair } from '../leaves/fields';
import type { FoundBlock } from './blocks';

export const choicesSchema = z.object({
  /** Partitions, height and width: each block takes the one of its area. */
  partitions: z.array(pair),
  /** eps of every batch norm; null where nothing was said. */
  eps: z.number().nonnegative().nullable(),
});
/** What the user said of a checkpoint. */
export type Choices = Stored<z.infer<typeof choicesSchema>>;

export const NO_CHOICE: Choices = { partitions: [], eps: null };

export const partitionQuestionSchema = z.object({
  /** Where the block stands; empty for the file's only one. */
  block: z.string(),
  /** Height and width, the usual first. */
  partitions: z.array(pair),
});
/** A block whose partition has to be asked for. */
export type PartitionQuestion = Stored<z.infer<typeof partitionQuestionSchema>>;

/** A block as it is read, and what that rests on. */
export interface Decided {
  readonly block: RepBlock;
  /** Who decided, in words; null where nobody said anything. */
  readonly by: string | null;
  /** What was assumed of the partition, in words; null where nothing had to be. */
  readonly assumed: string | null;
  /** Readings that were set aside for what is assumed, one for each other merge. */
  readonly others: readonly RepBlock[];
  readonly question: PartitionQuestion | null;
}

/**
 * Decides between a block's readings. `settings` are those of its pickled module. Throws UserError where nothing agrees with what
 * was said. What nobody says: strips so thin that the kernel has rows without effect are set aside, and a v1 block is taken to
 * have square partitions as in every published network, both as assumptions; what is then left of RepMLPNet's, or is no
 * square, is asked for.
 */
export function decide(found: FoundBlock, settings: ModuleSettings | undefined, choices: Choices): Decided {
  const told = settings === undefined ? found.readings : toldBy(settings, found.readings);
  if (told.length === 0 && settings !== undefined)
    throw new UserError(
      `${placeOf(found)}: the pickled module says ${saidBy(settings)}, and its tensors have other sizes (${pairsText(partitionsOf(found.readings))} would fit)`,
    );
  const chosen = told.filter(({ h, w }) => choices.partitions.some((pair) => pair[0] === h && pair[1] === w));
  if (chosen.length === 0 && choices.partitions.some(([h, w]) => told.some((reading) => reading.h * reading.w === h * w)))
    throw new UserError(
      `${placeOf(found)} has no partition of ${pairsText(choices.partitions)}; ${pairsText(partitionsOf(told))} would fit`,
    );
  const left = chosen.length > 0 ? chosen : told;
  const by = chosen.length > 0 ? 'as was said' : told.length < found.readings.length ? "from the file's modules" : null;
  return { by, ...assumption(found, left) };
}

/** The readings that agree with a pickled module; what it says itself where branches that would tell C, O and g are not there. */
function toldBy(settings: ModuleSettings, readings: readonly RepBlock[]): readonly RepBlock[] {
  const agreeing = readings.filter((reading) => agrees(reading, settings));
  const [first] = readings;
  if (agreeing.length > 0 || first.kind !== 'repmlp' || first.kernels.length > 0) return agreeing;
  const { h, w, H = h, W = w, fc3_groups: groups = first.groups } = settings.values;
  const { O = (first.O * first.h * first.w) / (Number(h) * Number(w)), C = O } = settings.values;
  const sizes = { C, O, h, w, H, W, groups };
  if (!Object.values(sizes).every((size) => typeof size === 'number' && Number.isSafeInteger(size) && size > 0)) return [];
  const said = { ...first, ...(sizes as Pick<RepMlp, keyof typeof sizes>) };
  return sameShapes(said, first) ? [said] : [];
}

/** Whether two v1 blocks have an FC3, and FC1 and FC2, of the same shapes. */
function sameShapes(a: RepMlp, b: RepMlp): boolean {
  const width = ({ C, H, W, h, w }: RepMlp): number => (H === h && W === w ? 0 : (C * H * W) / (h * w));
  const rows = ({ O, h, w }: RepMlp): number => O * h * w;
  const columns = ({ C, groups, h, w }: RepMlp): number => (C / groups) * h * w;
  const isWhole = a.H % a.h === 0 && a.W % a.w === 0 && a.C % a.groups === 0 && a.O % a.groups === 0;
  return isWhole && width(a) === width(b) && rows(a) === rows(b) && columns(a) === columns(b);
}

function assumption(found: FoundBlock, left: readonly RepBlock[]): Omit<Decided, 'by'> {
  const [first] = left;
  const none = { block: first, assumed: null, others: [], question: null };
  if (differentMerges(left).length === 1) return none;
  const plausible = left.filter(usesWholeKernel);
  const kept = plausible.length > 0 ? plausible : left;
  const square = kept.find(({ h, w }) => h === w);
  const taken = differentMerges(kept).length === 1 ? kept[0] : square?.kind === 'repmlp' ? square : null;
  if (taken === null) return { ...none, question: { block: nameAt(found), partitions: partitionsOf(left) } };
  const others = differentMerges(left).filter((reading) => mergeKey(reading) !== mergeKey(taken));
  const assumed = `a partition of ${taken.h}x${taken.w} for ${placeOf(found)}, which its shapes leave open (${pairsText(partitionsOf(others))} would fit, and merge to other weights; --partition says which)`;
  return { block: taken, assumed, others, question: null };
}

/** One reading for each merge that comes out. */
function differentMerges(readings: readonly RepBlock[]): RepBlock[] {
  return [...new Map([...readings].reverse().map((reading) => [mergeKey(reading), reading])).values()].reverse();
}

/** Whether every row and column of the largest kernel meets the map somewhere. */
function usesWholeKernel({ h, w, kernels }: RepBlock): boolean {
  return largestOf(kernels) <= 2 * Math.min(h, w) - 1;
}

/**
 * Equal for readings that merge to the same tensors: the band of kernels larger than 1x1 depends on the partition's sides, that
 * of 1x1 on its area; without branches a v1 block has its batch norm row by row, whatever the sizes.
 */
function mergeKey({ kind, h, w, kernels }: RepBlock): string {
  if (kind === 'repmlp' && kernels.length === 0) return 'rows';
  return kernels.every((K) => K === 1) ? `${h * w}` : `${h}x${w}`;
}

/** Names that official modules, and mmpretrain's, give to a block's numbers. */
const SAID: Readonly<Record<string, (block: RepBlock) => number | null>> = {
  h: ({ h }) => h,
  w: ({ w }) => w,
  path_h: ({ h }) => h,
  path_w: ({ w }) => w,
  H: (block) => (block.kind === 'repmlp' ? block.H : null),
  W: (block) => (block.kind === 'repmlp' ? block.W : null),
  C: ({ C }) => C,
  O: (block) => (block.kind === 'repmlp' ? block.O : block.C),
  S: (block) => (block.kind === 'repmlp' ? null : block.shareSets),
  num_sharesets: (block) => (block.kind === 'repmlp' ? null : block.shareSets),
  fc3_groups: (block) => (block.kind === 'repmlp' ? block.groups : null),
};

function agrees(block: RepBlock, { values }: ModuleSettings): boolean {
  return Object.entries(SAID).every(([key, of]) => {
    const [said, own] = [values[key], of(block)];
    return typeof said !== 'number' || own === null || said === own;
  });
}

/** What a block's pickled module says of its sizes, where a described block has others; null where they agree. */
export function sizesProblem(block: RepBlock, settings: ModuleSettings | undefined): string | null {
  if (settings === undefined || agrees(block, settings)) return null;
  const own = Object.keys(SAID).flatMap((key) =>
    typeof settings.values[key] === 'number' ? [`${key} = ${SAID[key](block) ?? 'any'}`] : [],
  );
  return `the pickled module says ${saidBy(settings)}, the network described has ${own.join(', ')}`;
}

function saidBy({ values }: ModuleSettings): string {
  return Object.keys(SAID)
    .flatMap((key) => (typeof values[key] === 'number' ? [`${key} = ${values[key]}`] : []))
    .join(', ');
}

function nameAt({ prefix }: FoundBlock): string {
  return prefix.replace(/\.$/, '');
}

function placeOf(found: FoundBlock): string {
  return nameAt(found) === '' ? 'the block' : `block ${nameAt(found)}`;
}

function partitionsOf(readings: readonly RepBlock[]): Pair[] {
  return [...new Map(readings.map(({ h, w }) => [`${h}x${w}`, [h, w] as const])).values()];
}

/** `4x4, 2x8 or 8x2`. */
export function pairsText(pairs: readonly Pair[]): string {
  const texts = pairs.map((pair) => pair.join('x'));
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}`;
}

/** The questions as one sentence that says what to answer. */
export function questionText(questions: readonly PartitionQuestion[]): string {
  const [{ block, partitions }] = questions;
  const others = questions.length > 1 ? `, and so do ${questions.length - 1} more blocks` : '';
  const which = block === '' ? 'the block' : `block ${block}`;
  return `the shapes of ${which} leave its partition open${others}: height x width may be ${pairsText(partitions)}, and the merge differs; say which (--partition ${partitions[0].join('x')}; several with commas), or describe the block (--block and --config)`;
}
