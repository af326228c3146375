// One changed checkpoint through merge and proof, as the command line does it but for the files, and what came of
// it held against the oracle. Merged files are damaged in turn: the proof has to notice.
import { NO_CHOICE, type Choices } from '@shared/model/recognise/partition-readings';
import { understand, type Understanding } from '@shared/model/recognise/understand';
import { isRepBlock, type Pair, type RepBlock } from '@shared/model/spec';
import { leavesOf } from '@shared/model/walk';
import { seed, type Random } from '@shared/tensor/random';
import { toFloat64 } from '@shared/tensor/convert';
import { floatTensor, tensorInfos, type NamedTensors, type Tensor } from '@shared/tensor/tensor';
import { UserError } from '@shared/base/user-error';
import type { VerifyBlock } from '@shared/proof/blocks-inside';
import { expectMergeable, mergeCheckpoint, readCheckpoint, type ReadCheckpoint } from '@shared/merge/merge-checkpoint';
import { runSteps } from '@shared/merge/merge-network';
import type { VerifyReport } from '@shared/merge/report';
import { seededInput } from '@shared/proof/seeded-inputs';
import { referencePass } from '../reference64/reference-pass';
import { verifyNetworks } from '@shared/proof/verify';
import { verifyInside, verifyKnown } from '@shared/proof/verify-checkpoint';
import type { Described, TrueBlock } from './described';
import { rightMerge } from './oracle';

/** What the product said, and what is wrong with it. */
export interface Verdict {
  readonly green: boolean;
  /** Why it was refused. */
  readonly refusal: string | null;
  readonly wrong: string | null;
}

export const decideText = ({ refusal }: Verdict): string => refusal ?? 'called different';

interface Merged {
  readonly train: ReadCheckpoint;
  readonly stored: NamedTensors;
  readonly report: VerifyReport;
}

/** Merges, proves and judges. */
export async function judgedFile(described: Described, random: Random): Promise<Verdict> {
  const result = await orRefusal(() => mergeAndProve(described, random));
  if (typeof result === 'string') return { green: false, refusal: result, wrong: null };
  if (!result.report.equivalent) {
    const sound = !described.unknown && !described.undecided;
    return {
      green: false,
      refusal: null,
      wrong: sound ? `its own merge is called different: ${JSON.stringify(result.report.layers)}` : null,
    };
  }
  if (described.undecided) return { green: true, refusal: null, wrong: null };
  if (described.unknown)
    return { green: true, refusal: null, wrong: 'merged with a green verdict, though nobody can say what the file computes' };
  const wrong = wrongMerge(described, result) ?? (await unnoticedDamage(described, result, random));
  return { green: true, refusal: null, wrong };
}

async function orRefusal<T>(run: () => Promise<T>): Promise<T | string> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

async function mergeAndProve(described: Described, random: Random): Promise<Merged> {
  const { tensors, settings } = described;
  const known = { fileName: 'train.pth', tensors: tensorInfos(tensors), moduleSettings: settings };
  const understood = understand(known, choicesFor(described, random));
  expectMergeable(understood, () => '');
  const train = readCheckpoint(understood, tensors);
  const { stored } = runSteps(mergeCheckpoint(train, {}), {});
  return { train, stored, report: await proof(train, stored) };
}

/** Mostly what is true of the partitions; sometimes nothing. */
function choicesFor({ blocks }: Described, random: Random): Choices {
  if (random.uniform() < 0.2) return NO_CHOICE;
  return { partitions: blocks.map(({ sizes: { h, w } }): Pair => [h, w]), eps: null };
}

const verify: VerifyBlock = (train, merged, input, source) =>
  verifyNetworks(train, merged, input, referencePass, { backend: 'reference', inputs: { source, shape: input.shape, seed: 1 } });

async function proof(train: ReadCheckpoint, stored: NamedTensors): Promise<VerifyReport> {
  const known = { fileName: 'merged.pth', tensors: tensorInfos(stored), moduleSettings: new Map() };
  const merged = readCheckpoint(understand(known), stored);
  if (train.understood.spec === null) return verifyInside(train, merged, { batch: 4, seed: 1 }, verify);
  return verifyKnown(train, merged, (forms) => verify(forms.train, forms.merged, seededInput(forms.train.spec, 4, seed(1)), 'seeded'));
}

/** The block as the product read it. */
function readAs({ spec, blocks, canonical }: Understanding, { prefix }: TrueBlock): RepBlock | null {
  const found = spec === null ? blocks.map(({ block }) => ({ path: block.name, layer: block })) : leavesOf(spec);
  for (const { path, layer } of found) {
    if (!isRepBlock(layer)) continue;
    const own = path === '' ? '' : `${path}.`;
    if (own === prefix || (canonical.dialect !== null && `backbone.${own}` === prefix)) return layer;
  }
  return null;
}

function wrongMerge({ tensors, blocks }: Described, { train, stored }: Merged): string | null {
  for (const block of blocks) {
    const read = readAs(train.understood, block);
    if (read === null) return `the block at ${block.prefix} was left out without a word`;
    const { h, w } = block.sizes;
    const assumed = train.understood.said.some((text) => text.startsWith('assumed'));
    const needed = block.branches.some(({ K }) => K > 1) && (read.h !== h || read.w !== w);
    if (needed && !assumed) return `${block.prefix} was read as ${read.h}x${read.w}, is ${h}x${w}, and nothing was said`;
    const right = rightMerge(block, tensors, needed ? read.h : h, needed ? read.w : w);
    const differs = [
      differing(stored.get(`${block.prefix}fc3.weight`), right.weight),
      differing(stored.get(`${block.prefix}fc3.bias`), right.bias),
      right.fc1 && differing(stored.get(`${block.prefix}fc1_fc2.fc1.weight`), right.fc1.weight),
      right.fc1 && differing(stored.get(`${block.prefix}fc1_fc2.fc1.bias`), right.fc1.bias),
    ].find((text) => text !== null);
    if (differs) return `the merge of ${block.prefix || 'the block'} is wrong: ${differs}`;
    const left = [...stored.keys()].find((name) => name.startsWith(`${block.prefix}repconv`) || name.startsWith(`${block.prefix}fc3_bn`));
    if (left !== undefined) return `${left} is still there`;
  }
  const changed = [...tensors].find(
    ([name, tensor]) => !blocks.some(({ prefix }) => name.startsWith(prefix)) && !isCounter(name) && stored.get(name) !== tensor,
  );
  return changed ? `${changed[0]}, which is of no block, was changed` : null;
}

const isCounter = (name: string): boolean => /(^|\.)(total_ops|total_params|n_averaged)$/.test(name);

/** float32 results of sums in double precision, from weights that may have been half-precision: a few units in the last place of the largest part, which is of the size of 1. */
function differing(found: Tensor | undefined, right: Float64Array): string | null {
  if (found === undefined || found.data.length !== right.length) return 'of another size';
  const largest = right.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const at = toFloat64(found).findIndex((value, i) => !(Math.abs(value - right[i]) <= 2e-6 * largest));
  return at < 0 ? null : `${String(found.data[at])} at ${at}, right is ${right[at]}`;
}

/** Damages the merged file in one way; says which if the proof does not notice. */
async function unnoticedDamage({ tensors, blocks }: Described, { train, stored }: Merged, random: Random): Promise<string | null> {
  const { prefix } = blocks[random.integer(blocks.length)];
  const damaged = new Map(stored);
  const matrix = `${prefix}fc3.weight`;
  // FC1 of a v1 block may stay behind a closed ReLU on few inputs; its merge is held against the oracle.
  const names = [...stored.keys()].filter((name) => !isCounter(name) && !/num_batches_tracked$|fc1_fc2\.fc1/.test(name));
  const name = names[random.integer(names.length)];
  const how = ['a changed cell', 'a tensor left over', 'a tensor missing', 'a tensor renamed', 'another value'][random.integer(5)];
  if (how === 'a changed cell') damaged.set(matrix, changed(stored.get(matrix) as Tensor, random));
  if (how === 'another value') damaged.set(name, changed(stored.get(name) as Tensor, random));
  if (how === 'a tensor missing') damaged.delete(name);
  if (how === 'a tensor renamed') damaged.set(`${prefix}${name}.x`, stored.get(name) as Tensor).delete(name);
  if (how === 'a tensor left over') {
    const rest = [...tensors].filter(
      ([own]) => own.startsWith(prefix) && !stored.has(own) && !isCounter(own) && !own.endsWith('num_batches_tracked'),
    );
    if (rest.length === 0) return null;
    damaged.set(...rest[random.integer(rest.length)]);
  }
  const report = await orRefusal(() => proof(train, damaged));
  return typeof report !== 'string' && report.equivalent ? `${how} in the merged file (${name}) is not noticed` : null;
}

/** All values moved by far more than any tolerance. */
function changed(tensor: Tensor, random: Random): Tensor {
  const sign = random.uniform() < 0.5 ? -1 : 1;
  return floatTensor(
    tensor.shape,
    Float32Array.from(toFloat64(tensor), (value) => value + sign * (0.5 + Math.abs(value))),
  );
}
