// repmlp verify: does the merged form compute the same function? Exit 0 equivalent, 1 not.
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import { divergenceText } from '@shared/proof/divergence-text';
import { inputsText } from '@shared/proof/inputs-text';
import { readCheckpoint, type ReadCheckpoint } from '@shared/merge/merge-checkpoint';
import type { VerifyReport } from '@shared/merge/report';
import { seededInput } from '@shared/proof/seeded-inputs';
import { verifyKnown, type BothForms, type MergedFile } from '@shared/proof/verify-checkpoint';
import { mergeableBlocks, understand, type Understanding } from '@shared/model/recognise/understand';
import { withSizeOf, type InputSize } from '@shared/model/input-size';
import { sizedFor } from '@shared/model/walk';
import { shapeText } from '@shared/tensor/tensor';
import { UserError } from '@shared/base/user-error';
import { describedNetwork, nearestOf, understandFile } from '../../files/checkpoint-network';
import { withEngine } from '../engine';
import { readInput } from '../forward/forward';
import { expectAskedSize, remarkAssumedSize } from '../input-size';
import { choicesFrom, hasAssumedSize, openWeights, understandWith } from '../network';
import { readShown, StatusLine } from '../progress';
import {
  print,
  printJson,
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
import { verifyBlocksOf } from './blocks';
import { isGroupReport, printGroupReport, verifyByRecipes } from './groups';

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
      setExit(report.equivalent ? 0 : 1);
    });
};

/** The verdict, and how the files were read. */
interface Judged {
  readonly report: VerifyReport;
  readonly said: readonly string[];
}

/** Both files, read; the second is understood by what the first says it has to be. */
async function verifyFiles(trainPath: string, mergedPath: string, options: VerifyOptions): Promise<Judged> {
  const status = new StatusLine();
  const trainFile = await openWeights(trainPath, options);
  const mergedFile = await openWeights(mergedPath, { ...options, ifSeveral: true });
  try {
    const byRecipes = await verifyByRecipes(trainFile, mergedFile, options, status);
    if (byRecipes !== null) return { report: byRecipes, said: [] };
    const understood = await understandTrain(trainFile, options);
    if (understood.spec === null) mergeableBlocks(understood);
    const train = readCheckpoint(understood, await readShown(trainFile, status));
    const choices = { ...choicesFrom(options), partitions: [] };
    const read = readCheckpoint(understand(mergedFile, choices), await readShown(mergedFile, status));
    const merged = { ...read, settings: options.eps === undefined ? mergedFile.moduleSettings : undefined };
    const sized = { ...options, size: sizeFor(trainFile, understood, mergedFile, options) };
    const first = await verdictOn(train, merged, sized, status);
    if (first.equivalent) return { report: first, said: understood.said };
    return (await anotherReading(trainFile, train, merged, sized, status)) ?? { report: first, said: understood.said };
  } finally {
    await trainFile.close();
    await mergedFile.close();
  }
}

/** With the size of random inputs: null where the train form has it, `assumed` where nothing tells it. */
type SizedOptions = VerifyOptions & { readonly size: InputSize | 'assumed' | null };

/** A merged file may state what the train file leaves open. */
function sizeFor(
  trainFile: CheckpointFile,
  { spec }: Understanding,
  mergedFile: CheckpointFile,
  options: VerifyOptions,
): SizedOptions['size'] {
  if (spec === null || !hasAssumedSize(trainFile, spec, options)) return null;
  return describedNetwork(mergedFile)?.input ?? 'assumed';
}

function verdictOn(train: ReadCheckpoint, merged: MergedFile, options: SizedOptions, status: StatusLine): Promise<VerifyReport> {
  if (train.understood.spec === null) return verifyBlocksOf(train, merged, options, status);
  return verifyKnown(train, merged, (forms) => verifyNetworks(forms, options, status));
}

/** Where a partition was assumed and the forms differ, the other ones are tried: the file may have been merged with one of them. */
async function anotherReading(
  file: CheckpointFile,
  train: ReadCheckpoint,
  merged: MergedFile,
  options: SizedOptions,
  status: StatusLine,
): Promise<Judged | null> {
  if (options.input !== undefined) return null;
  const others = [...train.understood.others.values()].flat();
  for (const { h, w } of others) {
    const understood = understandFile(file, { ...choicesFrom(options), partitions: [[h, w]] });
    if (understood.spec === null) continue;
    const report = await verdictOn({ ...train, understood }, merged, options, status);
    if (report.equivalent) return { report, said: [`equivalent with a partition of ${h}x${w}, which the shapes leave open`] };
  }
  return null;
}

/** The file with the train form. A network that is not known as a whole has to have blocks. */
async function understandTrain(file: CheckpointFile, options: VerifyOptions): Promise<Understanding> {
  const understood = await understandWith(file, { ...options, form: options.model || options.block ? 'train' : undefined });
  if (understood.spec === null && understood.blocks.every(({ block }) => block.form === 'merged'))
    throw new UserError(`${file.fileName} holds no network that is known here; name one with --model or --block. ${nearestOf(understood)}`);
  return understood;
}

async function verifyNetworks({ train, merged }: BothForms, options: SizedOptions, status: StatusLine): Promise<VerifyReport> {
  const given = options.input ? await readInput(options.input) : null;
  const inputSeed = seedFrom('--seed', options.seed);
  if (given) expectAskedSize(given.shape, options);
  if (!given && options.size === 'assumed') remarkAssumedSize(train.spec);
  const sized = options.size === null || options.size === 'assumed' ? train.spec : withSizeOf(train.spec, options.size);
  const input = given ?? seededInput(sized, wholeNumber('--batch', options.batch, 1), inputSeed);
  const request = {
    train: { ...train, spec: sizedFor(train.spec, input.shape) },
    merged: { ...merged, spec: sizedFor(merged.spec, input.shape) },
    input,
    inputSource: options.input ?? 'standard normal',
    inputSeed: given ? null : inputSeed,
    backend: options.backend,
  };
  const doing = `running both forms of ${train.spec.name} on ${shapeText(input.shape)} inputs`;
  return status.duringParts(doing, (onProgress) => withEngine((engine) => engine.verify(request, { onProgress })));
}

/** The verdict and one line per layer. */
export function printReport(report: VerifyReport): void {
  const { layers, inputs } = report;
  const width = Math.max(5, ...layers.map(({ path }) => path.length));
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
  const agreement = argMaxAgreement === null ? [] : [`arg max agrees on ${(100 * argMaxAgreement).toFixed(1)} % of the inputs`];
  const storage = report.storage === null ? [] : [report.storage.text];
  return [verdict, ...storage, ...(where === null ? [] : [where]), ...agreement];
}
