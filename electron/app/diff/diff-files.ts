// Two files side by side: which weights moved, where those look, and whether both are one function. Whoever asks, the answer is made
// here. Invariant: tensors are read pair by pair, and those that are the same in both are held once.
import type { Engine } from '@shared/compute/engine';
import type { MergeOptions } from '@shared/merge/merge-network';
import type { NetworkSpec } from '@shared/model/spec';
import { sizedFor } from '@shared/model/walk';
import type { FloatType } from '@shared/checkpoint/entries';
import { compareWeights, type ComparedFile, type ComparedWeights } from '@shared/proof/diff/compare-weights';
import type { DiffReport, DiffSide } from '@shared/proof/diff/report';
import { judgeRun, judgeUnrun, type Circumstances, type Judgement } from '@shared/proof/diff/verdict';
import { fitOf, isFitting } from '@shared/model/fit';
import { seededInput } from '@shared/proof/seeded-inputs';
import type { Seed } from '@shared/tensor/random';
import { tensorInfos, type NamedTensors } from '@shared/tensor/tensor';
import type { Watch } from '@shared/tensor/parts';
import { UserError } from '@shared/base/user-error';
import type { BackendChoice } from '@shared/training/recipe/recipe';
import { allTensors, comparedFile, mergedLike, type DiffInput } from './compared-file';

/** What both are run on, and who watches. */
export interface DiffChoice {
  readonly seed: Seed;
  readonly batch: number;
  readonly backend: BackendChoice;
  /** Hears of the weights compared so far, and of the merge of one side. */
  readonly onCompared?: (done: number, total: number) => void;
  readonly onMerged?: MergeOptions['onProgress'];
  readonly watch?: Watch;
}

/** Compares A with B; `engine` is asked for where both are run. Rejects with UserError where a file is damaged. */
export async function diffFiles(
  a: DiffInput,
  b: DiffInput,
  engine: () => Promise<Pick<Engine, 'verify'>>,
  choice: DiffChoice,
): Promise<DiffReport> {
  const [fileA, fileB] = [comparedFile(a), comparedFile(b)];
  const prepared = await inOneForm(fileA, fileB, choice);
  const runnable = fileA.spec !== null || fileB.spec !== null;
  const weights = await compareWeights(prepared.a, prepared.b, { hold: runnable, onProgress: choice.onCompared });
  const how: Circumstances = {
    merged: prepared.merged,
    coarsest: coarsestOf([...fileA.infos, ...fileB.infos].map(({ dtype }) => dtype)),
    doubt: doubtOf(a, b, weights),
  };
  const judged = await judge(prepared, weights, how, engine, choice);
  const form = prepared.a.spec?.form ?? prepared.b.spec?.form ?? null;
  return {
    a: sideOf(fileA),
    b: sideOf(fileB),
    ...judged,
    names: weights.names,
    compared: { form, tensors: weights.compared, how: [...prepared.how, ...countersText(weights.counters)] },
    moved: [...weights.moved],
    looks: [...weights.looks],
  };
}

interface Prepared {
  /** As they are compared: in one form. */
  readonly a: ComparedFile;
  readonly b: ComparedFile;
  readonly merged: boolean;
  /** The weights of the side that was merged for it, as the file has them. */
  readonly original: { readonly a?: NamedTensors; readonly b?: NamedTensors };
  readonly specs: { readonly a: NetworkSpec | null; readonly b: NetworkSpec | null };
  readonly how: readonly string[];
}

/** Where one file is in train form and the other merged, the first is merged here. */
async function inOneForm(a: ComparedFile, b: ComparedFile, { onMerged }: DiffChoice): Promise<Prepared> {
  const specs = { a: a.spec, b: b.spec };
  const plain = { a, b, merged: false, original: {}, specs, how: [] };
  if (a.spec === null || b.spec === null || a.spec.form === b.spec.form) return plain;
  const trainIsA = a.spec.form === 'train';
  const [train, other] = trainIsA ? [a, b] : [b, a];
  const weights = await allTensors(train);
  const merged = await mergedLike(train as ComparedFile & { spec: NetworkSpec }, weights, other.infos, onMerged);
  const how = [`${train.fileName} is in train form and ${other.fileName} merged: it was merged here, and its merged weights are compared`];
  return trainIsA
    ? { a: merged, b, merged: true, original: { a: weights }, specs, how }
    : { a, b: merged, merged: true, original: { b: weights }, specs, how };
}

async function judge(
  { a, b, merged, original, specs }: Prepared,
  weights: ComparedWeights,
  how: Circumstances,
  engine: () => Promise<Pick<Engine, 'verify'>>,
  choice: DiffChoice,
): Promise<Judgement> {
  const isOneNetwork = JSON.stringify(a.spec) === JSON.stringify(b.spec);
  const unmatched = weights.names.onlyA.length + weights.names.onlyB.length + weights.names.otherShape.length;
  if (isOneNetwork && !merged && weights.moved.length === 0 && unmatched === 0) return judgeUnrun(weights, how, 'nothing moved');
  // One file's network may be the other's under other names.
  const [specA, specB] = [specs.a ?? specs.b, specs.b ?? specs.a];
  if (specA === null || specB === null) return judgeUnrun(weights, how, 'the network is not known here');
  const held: { a: NamedTensors; b: NamedTensors } = { a: original.a ?? weights.held.a, b: original.b ?? weights.held.b };
  const misfit = (
    [
      [specA, held.a],
      [specB, held.b],
    ] as const
  ).some(([spec, own]) => !isFitting(fitOf(spec, tensorInfos(own))));
  if (misfit) return judgeUnrun(weights, how, misfitReason(specA, specB));
  const input = seededInput(specA, choice.batch, choice.seed);
  try {
    const report = await (await engine()).verify(
      {
        train: { spec: specA, weights: held.a },
        merged: { spec: sizedFor(specB, input.shape), weights: held.b },
        input,
        inputSource: 'standard normal',
        inputSeed: choice.seed,
        backend: choice.backend,
      },
      choice.watch,
    );
    return judgeRun(weights, report, how);
  } catch (error) {
    if (error instanceof UserError) return judgeUnrun(weights, how, error.message);
    throw error;
  }
}

function misfitReason(a: NetworkSpec, b: NetworkSpec): string {
  if (a.name !== b.name) return `they hold different networks, ${a.name} and ${b.name}`;
  return 'the weights that were matched do not make the network that one of the files holds';
}

function doubtOf(a: DiffInput, b: DiffInput, { names }: ComparedWeights): string | null {
  const guessed = names.renamed.filter(({ how }) => how !== 'prefix').length;
  if (guessed > 0)
    return `${guessed} ${guessed === 1 ? 'name was' : 'names were'} matched by ${[...new Set(names.renamed.flatMap(({ how }) => (how === 'prefix' ? [] : [how])))].join(' and ')}, not by name`;
  const settings = [a, b].map(({ moduleSettings }) => JSON.stringify([...moduleSettings]));
  const bothSay = a.moduleSettings.size > 0 && b.moduleSettings.size > 0;
  if (a.understood.spec === null && bothSay && settings[0] !== settings[1])
    return 'the modules pickled in the files differ in their settings';
  return null;
}

function sideOf({ fileName, spec, infos }: ComparedFile): DiffSide {
  return { fileName, model: spec?.name ?? null, form: spec?.form ?? null, tensors: infos.length };
}

function countersText(counters: number): string[] {
  return counters === 0 ? [] : [`${counters} counters of batch norms differ: nothing is computed from them`];
}

function coarsestOf(dtypes: readonly string[]): FloatType | null {
  return (['bfloat16', 'float16'] as const).find((type) => dtypes.includes(type)) ?? null;
}
