// repmlp merge: folds the conv branches and batch norms of a checkpoint into its FC matrices.
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import { entriesOfTensors, type FloatType } from '@shared/checkpoint/entries';
import { watchStorage } from '@shared/checkpoint/storage-warnings';
import { mergeBlocksInPlace } from '@shared/merge/blocks-inside';
import { MergeMemory } from '@shared/merge/passes/merge-memory';
import { mergeNetwork } from '@shared/merge/merge-network';
import type { MergeProgress } from '@shared/merge/report';
import type { FoundBlock } from '@shared/model/recognise/blocks';
import { recognise } from '@shared/model/recognise/recognise';
import { elementCount, type NamedTensors, type TensorInfo } from '@shared/tensor/tensor';
import { UserError } from '@shared/base/user-error';
import { specMetadata } from '../../files/checkpoint-network';
import { chosenSet, setMetadata } from '../../app/checkpoint/weight-sets-text';
import { checkCheckpointTarget, writeCheckpointFile } from '../../files';
import { dtypeOption, FLOAT_DTYPES } from '../convert/convert';
import { remarkAssumedSize } from '../input-size';
import { hasAssumedSize, openWeights, specOf, blocksInside } from '../network';
import { readShown, StatusLine } from '../progress';
import { print, printJson, remark, withNetworkOptions, type NetworkOptions, type Verb } from '../verb';

interface MergeVerbOptions extends NetworkOptions {
  readonly fuseAll?: boolean;
  readonly dtype?: FloatType | 'same';
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
      const status = new StatusLine();
      const { weights, metadata, storedType, set, ...summary } = await mergeFile(input, options, status);
      const dtype = options.dtype === 'same' ? storedType : options.dtype;
      const watched = watchStorage(entriesOfTensors(weights), dtype);
      const written = { ...metadata, ...setMetadata(set) };
      const write = (): Promise<void> =>
        writeCheckpointFile(output, watched.entries, { force: options.force ?? false, dtype, metadata: written });
      await status.during(`writing ${output}`, write);
      watched.warnings().forEach(remark);
      if (options.json) printJson({ ...summary, set, out: output, tensors: weights.size });
      else
        print(
          `${output}: ${summary.model ?? 'unknown network'}, merged form, ${weights.size} tensors`,
          `merged ${summary.mergedLayers.length} layers in ${summary.milliseconds.toFixed(0)} ms`,
        );
    });
};

interface MergedFile {
  readonly model: string | null;
  readonly form: 'merged';
  readonly mergedLayers: readonly string[];
  readonly milliseconds: number;
  readonly weights: NamedTensors;
  /** Floating type of most of the input's values. */
  readonly storedType: FloatType;
  readonly metadata: Readonly<Record<string, string>>;
  /** The set of weights that was merged, of a file that holds several; else null. */
  readonly set: string | null;
}

async function mergeFile(input: string, options: MergeVerbOptions, status: StatusLine): Promise<MergedFile> {
  const memory = new MergeMemory();
  const file = await openWeights(input, options, (length) => memory.bytes(length));
  try {
    const found = await blocksInside(file, options);
    if (found.length > 0) {
      if (options.fuseAll) remark('--fuse-all does nothing here: only the blocks themselves are merged');
      return await mergeBlocksInside(file, found, status);
    }
    const spec = await specOf(file, options);
    if (spec.form === 'merged') throw new UserError(`${file.fileName} is merged already (${spec.name})`);
    if (hasAssumedSize(file, spec, options)) remarkAssumedSize(spec);
    const assumed = recognise(file.tensors).recognised?.assumed ?? [];
    assumed.forEach((assumption) => remark(`assumed ${assumption}; use --block with --config to say otherwise`));
    memory.reserve(file.tensors);
    const weights = await readShown(file, status);
    const start = performance.now();
    const [mergedLayers, onProgress] = watchMerge(status);
    const merged = mergeNetwork(spec, weights, { ...memory.target, fuseAllConvBn: options.fuseAll, onProgress });
    const milliseconds = performance.now() - start;
    status.clear();
    return {
      model: spec.name,
      form: 'merged',
      mergedLayers,
      milliseconds,
      weights: merged.weights,
      storedType: commonFloatType(file.tensors),
      metadata: specMetadata(merged.spec),
      set: chosenSet(file),
    };
  } finally {
    await file.close();
  }
}

/** The layers merged so far, and what tells the terminal of each. */
function watchMerge(status: StatusLine): [layers: readonly string[], onProgress: (progress: MergeProgress) => void] {
  const layers: string[] = [];
  const onProgress = ({ done, total, layer }: MergeProgress): void => {
    layers.push(layer);
    status.showPart('merging', done, total, `${done}/${total} ${layer}`);
  };
  return [layers, onProgress];
}

/** Merges the blocks of a network that is not known as a whole. */
async function mergeBlocksInside(file: CheckpointFile, found: readonly FoundBlock[], status: StatusLine): Promise<MergedFile> {
  const count = found.length === 1 ? 'the block' : `the ${found.length} blocks`;
  remark(
    `${file.fileName} is no network known here; merging ${count} found inside where ${found.length === 1 ? 'it stands' : 'they stand'}`,
  );
  const weights = await readShown(file, status);
  const start = performance.now();
  const [mergedLayers, onProgress] = watchMerge(status);
  const merged = mergeBlocksInPlace(weights, found, onProgress);
  const milliseconds = performance.now() - start;
  status.clear();
  return {
    model: null,
    form: 'merged',
    mergedLayers,
    milliseconds,
    weights: merged,
    storedType: commonFloatType(file.tensors),
    metadata: {},
    set: chosenSet(file),
  };
}

/** The floating type that holds most values; float32 where there are none. */
function commonFloatType(tensors: readonly TensorInfo[]): FloatType {
  const values = (dtype: FloatType): number =>
    tensors.filter((tensor) => tensor.dtype === dtype).reduce((sum, { shape }) => sum + elementCount(shape), 0);
  return FLOAT_DTYPES.reduce((most, dtype) => (values(dtype) > values(most) ? dtype : most), 'float32');
}
