// The proof, whoever asks: the same files and the same seed give the same inputs and the same verdict. Where shapes left a
// partition open and the forms differ, the other partitions are tried: the file may have been merged with one of them.
import type { VerifyRequest } from '@shared/compute/engine';
import { readCheckpoint, type ReadCheckpoint } from '@shared/merge/merge-checkpoint';
import type { VerifyReport } from '@shared/merge/report';
import { withSizeOf, type InputSize } from '@shared/model/input-size';
import type { Choices } from '@shared/model/recognise/partition-readings';
import { understand, type Understanding, type KnownFile } from '@shared/model/recognise/understand';
import type { NetworkSpec, Pair } from '@shared/model/spec';
import { sizedFor } from '@shared/model/walk';
import type { BlockInputs } from '@shared/proof/blocks-inside';
import { seededInput } from '@shared/proof/seeded-inputs';
import { verifyInside, verifyKnown, type BothForms, type MergedFile } from '@shared/proof/verify-checkpoint';
import { seed } from '@shared/tensor/random';
import type { FloatTensor, NamedTensors } from '@shared/tensor/tensor';
import type { BackendChoice } from '@shared/training/recipe/recipe';

/** Two files, the second said to be the merged form of the first. */
export interface FormPair {
  readonly train: ReadCheckpoint;
  readonly merged: MergedFile;
  /** Reads the first file with another partition of its blocks. */
  readonly readAs: (partition: Pair) => Understanding;
  /** Of random inputs, where the merged file states what the train form leaves open; null where the train form has it, `assumed` where nothing tells it. */
  readonly size: InputSize | 'assumed' | null;
}

/** What both forms are run on; `given` inputs take the place of random ones. */
export interface ProofInputs extends BlockInputs {
  readonly backend: BackendChoice;
  /** Hears of a size that nothing but a default tells, once it is used. */
  readonly onAssumedSize?: (spec: NetworkSpec) => void;
  readonly given?: NonNullable<BlockInputs['given']> & { readonly whole: () => Promise<FloatTensor> };
}

/** Runs both forms on an engine: those of the network, or of one block after the other inside an unknown one. */
export type RunForms = (request: VerifyRequest, which: { readonly index: number; readonly of: number }) => Promise<VerifyReport>;

/** The verdict, and how the files were read. */
export interface Judged {
  readonly report: VerifyReport;
  readonly said: readonly string[];
}

/** The merged file of a pair, whose values are `stored`; partitions it shows itself. */
export function mergedFileOf(file: KnownFile, choices: Choices, stored: NamedTensors): MergedFile {
  const read = readCheckpoint(understand(file, { ...choices, partitions: [] }), stored);
  return { ...read, settings: choices.eps === null ? file.moduleSettings : undefined };
}

/** Judges a pair. Rejects with UserError where the second file cannot be the merged form of the first. */
export async function verifyPair(pair: FormPair, inputs: ProofInputs, run: RunForms): Promise<Judged> {
  const { understood } = pair.train;
  const first = { report: await verdictOn(pair, inputs, run), said: understood.said };
  if (first.report.equivalent || inputs.given) return first;
  for (const { h, w } of [...understood.others.values()].flat()) {
    const other = pair.readAs([h, w]);
    if (other.spec === null && other.blocks.length === 0) continue;
    const report = await verdictOn({ ...pair, train: { ...pair.train, understood: other } }, inputs, run);
    if (report.equivalent) return { report, said: [`equivalent with a partition of ${h}x${w}, which the shapes leave open`] };
  }
  return first;
}

function verdictOn({ train, merged, size }: FormPair, inputs: ProofInputs, run: RunForms): Promise<VerifyReport> {
  const { given, backend } = inputs;
  const origin = { inputSeed: given ? null : inputs.seed, backend } as const;
  const { spec, blocks } = train.understood;
  if (spec !== null) {
    const request = async (forms: BothForms): Promise<VerifyRequest> => {
      const input = await inputFor(forms.train.spec, inputs, size);
      return { ...formsFor(forms, input), input, inputSource: given?.source ?? 'standard normal', ...origin };
    };
    return verifyKnown(train, merged, async (forms) => run(await request(forms), { index: 0, of: 1 }));
  }
  const of = blocks.filter(({ block }) => block.form === 'train').length;
  let index = 0;
  return verifyInside(train, merged, inputs, (before, after, input, inputSource) =>
    run({ train: before, merged: after, input, inputSource, ...origin }, { index: index++, of }),
  );
}

async function inputFor(spec: NetworkSpec, inputs: ProofInputs, size: FormPair['size']): Promise<FloatTensor> {
  if (inputs.given) return inputs.given.whole();
  if (size === 'assumed') inputs.onAssumedSize?.(spec);
  const sized = size === null || size === 'assumed' ? spec : withSizeOf(spec, size);
  return seededInput(sized, inputs.batch, seed(inputs.seed));
}

function formsFor({ train, merged }: BothForms, { shape }: FloatTensor): BothForms {
  return { train: { ...train, spec: sizedFor(train.spec, shape) }, merged: { ...merged, spec: sizedFor(merged.spec, shape) } };
}
