// repmlp verify: does the merged form compute the same function? Exit 0 equivalent, 1 not.
import { divergenceText } from '@shared/proof/divergence-text';
import { inputsText } from '@shared/proof/inputs-text';
import { mergedSpec } from '@shared/merge/merged-spec';
import type { VerifyReport } from '@shared/merge/report';
import { seededInput } from '@shared/proof/seeded-inputs';
import { fitOf, isFitting } from '@shared/model/fit';
import { withSizeOf, type InputSize } from '@shared/model/input-size';
import type { NetworkSpec } from '@shared/model/spec';
import { sizedFor } from '@shared/model/walk';
import { shapeText, tensorInfos, type NamedTensors } from '@shared/tensor/tensor';
import { UserError } from '@shared/base/user-error';
import { withEngine } from '../engine';
import { readInput } from '../forward/forward';
import { expectAskedSize, remarkAssumedSize } from '../input-size';
import { readNetwork, type ReadNetwork } from '../network';
import { StatusLine } from '../progress';
import {
  print,
  printJson,
  seedFrom,
  wholeNumber,
  withBackend,
  withNetworkOptions,
  type BackendOption,
  type NetworkOptions,
  type Verb,
} from '../verb';
import { verifyBlocksInside } from './blocks';

export interface VerifyOptions extends NetworkOptions, BackendOption {
  readonly input?: string;
  readonly seed: string;
  readonly batch: string;
  readonly json?: boolean;
}

export const verifyVerb: Verb = (program, setExit) => {
  withBackend(
    withNetworkOptions(
      program
        .command('verify')
        .description('compare a train-form and a merged checkpoint layer by layer')
        .argument('<train>', 'train form')
        .argument('<merged>', 'merged form'),
    ),
  )
    .option(
      '--input <x.safetensors>',
      'file with tensor x (N, C, H, W), for blocks of an unknown network also one tensor under each of their names; random inputs when not given',
    )
    .option('--seed <n>', 'seed of the random inputs', '1')
    .option('--batch <n>', 'how many random inputs', '4')
    .option('--json', 'print JSON; infinities and NaN as the strings "Infinity", "-Infinity" and "NaN"')
    .action(async (trainPath: string, mergedPath: string, options: VerifyOptions) => {
      const report = (await verifyBlocksInside(trainPath, mergedPath, options)) ?? (await verifyPair(trainPath, mergedPath, options));
      if (options.json) printJson(report);
      else printReport(report);
      setExit(report.equivalent ? 0 : 1);
    });
};

async function verifyPair(trainPath: string, mergedPath: string, options: VerifyOptions): Promise<VerifyReport> {
  const train = await readNetwork(trainPath, { ...options, form: 'train' });
  const merged = await readNetwork(mergedPath, {
    ...options,
    form: options.model || options.block ? 'merged' : undefined,
    ifSeveral: true,
  });
  expectPair(train.spec, merged, { trainPath, mergedPath });
  return verifyNetworks(train, merged, options);
}

/** Throws UserError where the second file is in train form too, or takes other inputs than the first. */
function expectPair(train: NetworkSpec, merged: ReadNetwork, { trainPath, mergedPath }: { trainPath: string; mergedPath: string }): void {
  const { spec, weights } = merged;
  // A network without anything to merge has one and the same state dict in both forms.
  if (spec.form === 'train' && !fitsForm(mergedSpec(spec), weights))
    throw new UserError(`${mergedPath} is in train form too; give the merged file second: repmlp verify TRAIN MERGED`);
  if (spec.input.channels !== train.input.channels)
    throw new UserError(`${trainPath} and ${mergedPath} hold different networks: ${train.name} and ${spec.name}`);
}

function fitsForm(spec: NetworkSpec, weights: NamedTensors): boolean {
  return isFitting(fitOf(spec, tensorInfos(weights)));
}

/** The size of random inputs: a merged file may state what the train file leaves open. */
function sizeFor(train: ReadNetwork, merged: ReadNetwork): InputSize {
  if (!train.sizeAssumed) return train.spec.input;
  if (merged.sizeAssumed) remarkAssumedSize(train.spec);
  return merged.spec.input;
}

async function verifyNetworks(train: ReadNetwork, merged: ReadNetwork, options: VerifyOptions): Promise<VerifyReport> {
  const given = options.input ? await readInput(options.input) : null;
  const inputSeed = seedFrom('--seed', options.seed);
  if (given) expectAskedSize(given.shape, options);
  const input = given ?? seededInput(withSizeOf(train.spec, sizeFor(train, merged)), wholeNumber('--batch', options.batch, 1), inputSeed);
  const request = {
    train: { weights: train.weights, spec: sizedFor(train.spec, input.shape) },
    merged: { weights: merged.weights, spec: sizedFor(merged.spec, input.shape) },
    input,
    inputSource: options.input ?? 'standard normal',
    inputSeed: given ? null : inputSeed,
    backend: options.backend,
  };
  const doing = `running both forms of ${train.spec.name} on ${shapeText(input.shape)} inputs`;
  return new StatusLine().duringParts(doing, (onProgress) => withEngine((engine) => engine.verify(request, { onProgress })));
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
