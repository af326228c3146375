// repmlp merge: folds the conv branches and batch norms of a checkpoint into its FC matrices.
import { entriesOfTensors, type FloatType } from '@shared/checkpoint/entries';
import { watchStorage } from '@shared/checkpoint/storage-warnings';
import { expectMergeable, mergeCheckpoint, readCheckpoint } from '@shared/merge/merge-checkpoint';
import { MergeMemory } from '@shared/merge/passes/merge-memory';
import { runSteps } from '@shared/merge/merge-network';
import type { MergeProgress } from '@shared/merge/report';
import type { Understanding } from '@shared/model/recognise/understand';
import { elementCount, type NamedTensors, type TensorInfo } from '@shared/tensor/tensor';
import { nearestOf, specMetadata } from '../../files/checkpoint-network';
import { checkCheckpointTarget, writeCheckpointFile } from '../../files';
import { chosenSet, setMetadata } from '../../app/checkpoint/weight-sets-text';
import { dtypeOption, FLOAT_DTYPES } from '../convert/convert';
import { remarkAssumedSize } from '../input-size';
import { hasAssumedSize, openWeights, understandWith } from '../network';
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
  /** How the file was read, as far as that is not plain. */
  readonly said: readonly string[];
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
    const understood = await understandWith(file, options);
    expectMergeable(understood, () => nearestOf(understood));
    remarkOn(understood, options);
    if (understood.spec !== null && hasAssumedSize(file, understood.spec, options)) remarkAssumedSize(understood.spec);
    memory.reserve(file.tensors);
    const read = readCheckpoint(understood, await readShown(file, status));
    const start = performance.now();
    const [mergedLayers, onProgress] = watchMerge(status);
    const watched = { ...memory.target, fuseAllConvBn: options.fuseAll, onProgress };
    const merged = runSteps(mergeCheckpoint(read, watched), watched);
    const milliseconds = performance.now() - start;
    status.clear();
    return {
      model: understood.spec?.name ?? null,
      form: 'merged',
      mergedLayers,
      milliseconds,
      said: understood.said,
      weights: merged.stored,
      storedType: commonFloatType(file.tensors),
      metadata: merged.spec === null ? {} : specMetadata(merged.spec),
      set: chosenSet(file),
    };
  } finally {
    await file.close();
  }
}

/** What the user should know of the way the file was read. */
function remarkOn({ fileName, spec, blocks, said }: Understanding, options: MergeVerbOptions): void {
  if (spec === null) {
    const count = blocks.filter(({ block }) => block.form === 'train').length;
    const which = count === 1 ? 'the block found inside where it stands' : `the ${count} blocks found inside where they stand`;
    if (options.fuseAll) remark('--fuse-all does nothing here: only the blocks themselves are merged');
    remark(`${fileName} is no network known here; merging ${which}`);
  }
  said.forEach(remark);
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

/** The floating type that holds most values; float32 where there are none. */
function commonFloatType(tensors: readonly TensorInfo[]): FloatType {
  const values = (dtype: FloatType): number =>
    tensors.filter((tensor) => tensor.dtype === dtype).reduce((sum, { shape }) => sum + elementCount(shape), 0);
  return FLOAT_DTYPES.reduce((most, dtype) => (values(dtype) > values(most) ? dtype : most), 'float32');
}
