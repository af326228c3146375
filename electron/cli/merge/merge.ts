// repmlp merge: folds the conv branches and batch norms of a checkpoint into its FC matrices.
import { basename } from 'node:path';
import { entriesOfTensors } from '@shared/checkpoint/entries';
import { watchStorage } from '@shared/checkpoint/storage-warnings';
import { formatOfName } from '@shared/checkpoint/write';
import { expectMergeable, mergeCheckpoint, readCheckpoint } from '@shared/merge/merge-checkpoint';
import { MergeMemory } from '@shared/merge/passes/merge-memory';
import { runSteps } from '@shared/merge/merge-network';
import type { Understanding } from '@shared/model/recognise/understand';
import { tensorInfos } from '@shared/tensor/tensor';
import { lostSettings } from '../../app/checkpoint/kept-settings';
import { nearestOf, specMetadata } from '../../files/checkpoint-network';
import { checkCheckpointTarget, writeCheckpointFile } from '../../files';
import { chosenSet, setMetadata } from '../../app/checkpoint/weight-sets-text';
import { dtypeOption } from '../convert/convert';
import { remarkAssumedSize } from '../input-size';
import { hasAssumedSize, openWeights, understandWith } from '../network';
import { readShown, StatusLine } from '../progress';
import { print, printJson, printRead, remark, withNetworkOptions, withRecipes, type Verb } from '../verb';
import { groupLine, mergeByRecipes } from './groups';
import { commonFloatType, watchMerge, type MergedFile, type MergeVerbOptions } from './merged-file';

export const mergeVerb: Verb = (program) => {
  withRecipes(
    withNetworkOptions(
      program
        .command('merge')
        .description('re-parameterize: the same function with the branches folded into one layer each')
        .argument('<in>', 'checkpoint in train form')
        .argument('<out>', 'file to write; its ending decides the format'),
    ),
  )
    .option('--fuse-all', 'also fuse conv-BN pairs that the official conversion leaves')
    .addOption(dtypeOption(['same'], '; `same`: as the input stores them'))
    .option('--force', 'replace an existing file')
    .option('--json', 'print JSON')
    .action(async (input: string, output: string, options: MergeVerbOptions) => {
      await checkCheckpointTarget(output, { force: options.force ?? false });
      const status = new StatusLine();
      const { weights, metadata, storedType, set, kept, ...summary } = await mergeFile(input, options, status);
      const dtype = options.dtype === 'same' ? storedType : options.dtype;
      const watched = watchStorage(entriesOfTensors(weights), dtype);
      const written = { ...metadata, ...setMetadata(set) };
      const write = (): Promise<void> =>
        writeCheckpointFile(output, watched.entries, { force: options.force ?? false, dtype, metadata: written });
      await status.during(`writing ${output}`, write);
      const notKept = lostSettings(kept, tensorInfos(weights), formatOfName(basename(output)));
      [...watched.warnings(), ...notKept].forEach(remark);
      if (options.json) printJson({ ...summary, notKept, set, out: output, tensors: weights.size });
      else printMerged(output, summary, weights.size);
    });
};

function printMerged(
  output: string,
  summary: Pick<MergedFile, 'model' | 'mergedLayers' | 'milliseconds' | 'groups' | 'said'>,
  tensors: number,
): void {
  print(
    `${output}: ${summary.model ?? 'unknown network'}, merged form, ${tensors} tensors`,
    `merged ${summary.mergedLayers.length} layers in ${summary.milliseconds.toFixed(0)} ms`,
    ...(summary.groups ?? []).map(groupLine),
  );
  printRead(summary.said);
}

async function mergeFile(input: string, options: MergeVerbOptions, status: StatusLine): Promise<MergedFile> {
  const memory = new MergeMemory();
  const file = await openWeights(input, options, (length) => memory.bytes(length));
  try {
    const understood = await understandWith(file, options);
    const byRecipes = await mergeByRecipes(file, understood, options, status);
    if (byRecipes) return byRecipes;
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
      kept: { spec: merged.spec, blocks: [], others: new Map(), questions: [] },
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
