// repmlp verify: does the merged form compute the same function? Exit 0 equivalent, 1 not.
import { largestOf } from '@shared/base/extremes';
import { percentText } from '@shared/base/number-text';
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import type { Engine } from '@shared/compute/engine';
import { readCheckpoint } from '@shared/merge/merge-checkpoint';
import type { VerifyReport } from '@shared/merge/report';
import { mergeableBlocks, type Understanding } from '@shared/model/recognise/understand';
import type { Pair } from '@shared/model/spec';
import { divergenceText } from '@shared/proof/divergence-text';
import { inputsText } from '@shared/proof/inputs-text';
import { shapeText, tensorInfos, type FloatTensor, type NamedTensors } from '@shared/tensor/tensor';
import { isGroupReport } from '@shared/proof/recipes/group-report';
import { UserError } from '@shared/base/user-error';
import { withGroups } from '../../app/merge/families';
import { mergedFileOf, verifyPair, type FormPair, type Judged, type ProofInputs, type RunForms } from '../../app/merge/verify';
import { describedNetwork, nearestOf, understandFile } from '../../files/checkpoint-network';
import { withEngine } from '../engine';
import { readInput, readNamedInput } from '../forward/forward';
import { expectAskedSize, remarkAssumedSize } from '../input-size';
import { choicesFrom, hasAssumedSize, openWeights, understandWith } from '../network';
import { readShown, StatusLine } from '../progress';
import {
  print,
  printJson,
  printRead,
  remark,
  seedFrom,
  wholeNumber,
  withBackend,
  withNetworkOptions,
  withRecipes,
  type BackendOption,
  type NetworkOptions,
  type RecipeOptions,
  type Verb,
} from '../verb';
import { printGroupReport, verifyByRecipes } from './groups';

export interface VerifyOptions extends NetworkOptions, BackendOption, RecipeOptions {
  readonly input?: string;
  readonly seed: string;
  readonly batch: string;
  readonly json?: boolean;
}

export const verifyVerb: Verb = (program, setExit) => {
  const command = program
    .command('verify')
    .description('compare a train-form and a merged checkpoint layer by layer')
    .argument('<train>', 'train form')
    .argument('<merged>', 'merged form');
  withRecipes(withBackend(withNetworkOptions(command)))
    .option(
      '--input <x.safetensors>',
      'file with tensor x (N, C, H, W), for blocks of an unknown network also one tensor under each of their names; random inputs when not given',
    )
    .option('--seed <n>', 'seed of the random inputs', '1')
    .option('--batch <n>', 'how many random inputs', '4')
    .option('--json', 'print JSON; infinities and NaN as the strings "Infinity", "-Infinity" and "NaN"')
    .action(async (trainPath: string, mergedPath: string, options: VerifyOptions) => {
      const { report, said } = await verifyFiles(trainPath, mergedPath, options);
      said.forEach(remark);
      if (options.json) printJson({ ...report, said });
      else if (isGroupReport(report)) printGroupReport(report);
      else printReport(report);
      if (!options.json) printRead(said);
      setExit(report.equivalent ? 0 : 1);
    });
};

/** Both files, read; the second is understood by what the first says it has to be. */
async function verifyFiles(trainPath: string, mergedPath: string, options: VerifyOptions): Promise<Judged> {
  const status = new StatusLine();
  const trainFile = await openWeights(trainPath, options);
  const mergedFile = await openWeights(mergedPath, { ...options, ifSeveral: true });
  try {
    const byRecipes = await verifyByRecipes(trainFile, mergedFile, options, status);
    if (byRecipes?.blocks === null) return { report: byRecipes.report, said: [] };
    const judged = await verifyNetwork(trainFile, mergedFile, options, status, byRecipes?.blocks ?? null);
    return byRecipes === null ? judged : { ...judged, report: withGroups(judged.report, byRecipes.report) };
  } finally {
    await trainFile.close();
    await mergedFile.close();
  }
}

/** The verdict on a network or on the RepMLP blocks inside an unknown one; `read` are both files' values where they were read already. */
async function verifyNetwork(
  trainFile: CheckpointFile,
  mergedFile: CheckpointFile,
  options: VerifyOptions,
  status: StatusLine,
  read: { readonly train: NamedTensors; readonly merged: NamedTensors } | null,
): Promise<Judged> {
  const choices = choicesFrom(options);
  const understood = await understandTrain(trainFile, options);
  if (understood.spec === null) mergeableBlocks(understood);
  const train = readCheckpoint(understood, read?.train ?? (await readShown(trainFile, status)));
  const stored = read?.merged ?? (await readShown(mergedFile, status));
  const { fileName, moduleSettings } = mergedFile;
  const merged = mergedFileOf({ fileName, moduleSettings, tensors: tensorInfos(stored) }, choices, stored);
  const readAs = (partition: Pair): Understanding => understandFile(trainFile, { ...choices, partitions: [partition] });
  const pair = { train, merged, readAs, size: sizeFor(trainFile, understood, mergedFile, options) };
  return withEngine((engine) => verifyPair(pair, inputsFrom(options), shownOn(engine, status)));
}

function shownOn(engine: Engine, status: StatusLine): RunForms {
  return (request) => {
    const doing = `running both forms of ${request.train.spec.name} on ${shapeText(request.input.shape)} inputs`;
    return status.duringParts(doing, (onProgress) => engine.verify(request, { onProgress }));
  };
}

/** Random inputs, or with --input those of that file: tensor `x`, of a block the tensor under its name if there is one. */
function inputsFrom(options: VerifyOptions): ProofInputs {
  const { input, seed, batch, backend } = options;
  const random = { batch: wholeNumber('--batch', batch, 1), seed: seedFrom('--seed', seed), backend, onAssumedSize: remarkAssumedSize };
  if (input === undefined) return random;
  const whole = async (): Promise<FloatTensor> => {
    const x = await readInput(input);
    expectAskedSize(x.shape, options);
    return x;
  };
  return { ...random, given: { source: input, whole, read: (block) => readNamedInput(input, [block, 'x']) } };
}

/** A merged file may state what the train file leaves open. */
function sizeFor(trainFile: CheckpointFile, { spec }: Understanding, mergedFile: CheckpointFile, options: VerifyOptions): FormPair['size'] {
  if (spec === null || !hasAssumedSize(trainFile, spec, options)) return null;
  return describedNetwork(mergedFile)?.input ?? 'assumed';
}

/** The file with the train form. A network that is not known as a whole has to have blocks. */
async function understandTrain(file: CheckpointFile, options: VerifyOptions): Promise<Understanding> {
  const understood = await understandWith(file, { ...options, form: options.model || options.block ? 'train' : undefined });
  if (understood.spec === null && understood.blocks.every(({ block }) => block.form === 'merged'))
    throw new UserError(`${file.fileName} holds no network that is known here; name one with --model or --block. ${nearestOf(understood)}`);
  return understood;
}

/** The verdict and one line per layer. */
export function printReport(report: VerifyReport): void {
  const { layers, inputs } = report;
  const width = largestOf(
    layers.map(({ path }) => path.length),
    5,
  );
  print(
    `${'layer'.padEnd(width)}  ${'max abs'.padStart(10)}  ${'relative'.padStart(10)}  ${'tolerance'.padStart(10)}`,
    ...layers.map(
      (l) =>
        `${(l.path).padEnd(width)}  ${l.maxAbs.toExponential(2).padStart(10)}  ${l.maxRel.toExponential(2).padStart(10)}  ${l.tolerance.toExponential(1).padStart(10)}${l.equivalent ? '' : '  DIFFERS'}`,
    ),
    '',
    ...verdictLines(report),
    `inputs: ${inputsText(inputs)}; backend ${report.backend}`,
  );
}

/** The verdict in words: two or three lines. */
export function verdictLines(report: VerifyReport): string[] {
  const { maxAbs, maxRel, tolerance, toleranceReason, argMaxAgreement } = report;
  const numbers = `max abs ${maxAbs.toExponential(2)}, relative ${maxRel.toExponential(2)}, tolerance ${tolerance.toExponential(1)} (${toleranceReason})`;
  const verdict = report.equivalent ? `equivalent: ${numbers}` : `NOT equivalent: ${numbers}`;
  const where = divergenceText(report);
  const agreement = argMaxAgreement === null ? [] : [`arg max agrees on ${percentText(argMaxAgreement)} of the inputs`];
  const storage = report.storage === null ? [] : [report.storage.text];
  return [verdict, ...storage, ...(where === null ? [] : [where]), ...agreement];
}
