// repmlp merge: folds the conv branches and batch norms of a checkpoint into its FC matrices.
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import { mergeBlocksWhereTheyStand } from '@shared/merge/foreign';
import { mergeNetwork } from '@shared/merge/merge-network';
import { leafParameters } from '@shared/model/parameters';
import type { FoundBlock } from '@shared/model/recognise/blocks';
import { recognise } from '@shared/model/recognise/recognise';
import { elementCount, type NamedTensors, type Tensor, type TensorInfo } from '@shared/tensor/tensor';
import { UserError } from '@shared/user-error';
import { describedNetwork, specMetadata } from '../service/checkpoint-network';
import { checkCheckpointTarget, writeCheckpointFile } from '../service/files';
import { dtypeOption, FLOAT_DTYPES, type FloatDType } from './convert';
import { describedSpec, openWeights, specOf } from './network';
import { print, printJson, remark, withNetworkOptions, type NetworkOptions, type Verb } from './verb';

interface MergeVerbOptions extends NetworkOptions {
  readonly fuseAll?: boolean;
  readonly dtype?: FloatDType | 'same';
  readonly force?: boolean;
  readonly json?: boolean;
}

export const mergeVerb: Verb = (program) => {
  withNetworkOptions(
    program
      .command('merge')
      .description('re-parameterize: the same function with three FC layers per block')
      .argument('<in>', 'checkpoint in train form')
      .argument('<out>', 'file to write; its ending decides the format'),
  )
    .option('--fuse-all', 'also fuse conv-BN pairs that the official conversion leaves')
    .addOption(dtypeOption(['same'], '; `same`: as the input stores them'))
    .option('--force', 'replace an existing file')
    .option('--json', 'print JSON')
    .action(async (input: string, output: string, options: MergeVerbOptions) => {
      await checkCheckpointTarget(output, { force: options.force ?? false });
      const { weights, metadata, storedType, ...summary } = await mergeFile(input, options);
      const dtype = options.dtype === 'same' ? storedType : options.dtype;
      await writeCheckpointFile(output, weights, { force: options.force ?? false, dtype, metadata });
      const unusable = [...weights].filter(([, tensor]) => hasNonFinite(tensor)).map(([name]) => name);
      if (unusable.length > 0)
        remark(`NaN or infinite values in ${unusable.slice(0, 5).join(', ')}: the input's weights are damaged or have diverged`);
      if (options.json) printJson({ ...summary, out: output, tensors: weights.size });
      else
        print(
          `${output}: ${summary.model ?? 'unknown network'}, merged form, ${weights.size} tensors`,
          `merged ${summary.mergedLayers.length} layers in ${summary.milliseconds.toFixed(0)} ms`,
        );
    });
};

function hasNonFinite({ data }: Tensor): boolean {
  if (!(data instanceof Float32Array || data instanceof Float64Array)) return false;
  // Only of finite numbers the difference to themselves is 0.
  for (let i = 0; i < data.length; i++) if (data[i] - data[i] !== 0) return true;
  return false;
}

interface MergedFile {
  readonly model: string | null;
  readonly form: 'merged';
  readonly mergedLayers: readonly string[];
  readonly milliseconds: number;
  readonly weights: NamedTensors;
  /** Floating type of most of the input's values. */
  readonly storedType: FloatDType;
  readonly metadata: Readonly<Record<string, string>>;
}

async function mergeFile(input: string, options: MergeVerbOptions): Promise<MergedFile> {
  const file = await openWeights(input);
  try {
    const named = (await describedSpec(options)) !== null;
    const { recognised, blocks } = recognise(file.tensors);
    const standing = blocks.filter(({ block }) => block.form === 'train');
    if (!named && !recognised && !describedNetwork(file) && standing.length > 0) return await mergeStanding(file, standing);
    const spec = await specOf(file, options);
    if (spec.form === 'merged') throw new UserError(`${file.fileName} is merged already (${spec.name})`);
    recognised?.assumed.forEach((assumption) => remark(`assumed ${assumption}; use --block with --config to say otherwise`));
    const weights = await file.readAll();
    const start = performance.now();
    const mergedLayers: string[] = [];
    const merged = mergeNetwork(spec, weights, { fuseAllConvBn: options.fuseAll, onProgress: ({ layer }) => mergedLayers.push(layer) });
    const milliseconds = performance.now() - start;
    return {
      model: spec.name,
      form: 'merged',
      mergedLayers,
      milliseconds,
      weights: merged.weights,
      storedType: commonFloatType(file.tensors),
      metadata: specMetadata(merged.spec),
    };
  } finally {
    await file.close();
  }
}

/** Merges the blocks of a network that is not known as a whole. Throws UserError for a block whose tensors are not all there. */
async function mergeStanding(file: CheckpointFile, standing: readonly FoundBlock[]): Promise<MergedFile> {
  const count = standing.length === 1 ? 'the block' : `the ${standing.length} blocks`;
  remark(
    `${file.fileName} is no network known here; merging ${count} found inside where ${standing.length === 1 ? 'it stands' : 'they stand'}`,
  );
  standing.forEach((found) => expectComplete(file, found));
  const weights = await file.readAll();
  const start = performance.now();
  const merged = mergeBlocksWhereTheyStand(weights, standing);
  return {
    model: null,
    form: 'merged',
    mergedLayers: standing.map(pathOf),
    milliseconds: performance.now() - start,
    weights: merged,
    storedType: commonFloatType(file.tensors),
    metadata: {},
  };
}

function expectComplete(file: CheckpointFile, found: FoundBlock): void {
  const names = new Set(file.tensors.map(({ name }) => name));
  const missing = leafParameters(found.block, pathOf(found)).find(({ name, role }) => role !== 'counter' && !names.has(name));
  if (missing)
    throw new UserError(
      `${file.fileName} has no ${missing.name}, without which its block cannot be merged: save the whole state_dict(), running statistics included`,
    );
}

function pathOf({ prefix }: FoundBlock): string {
  return prefix.replace(/\.$/, '');
}

/** The floating type that holds most values; float32 where there are none. */
function commonFloatType(tensors: readonly TensorInfo[]): FloatDType {
  const values = (dtype: FloatDType): number =>
    tensors.filter((tensor) => tensor.dtype === dtype).reduce((sum, { shape }) => sum + elementCount(shape), 0);
  return FLOAT_DTYPES.reduce((most, dtype) => (values(dtype) > values(most) ? dtype : most), 'float32');
}
