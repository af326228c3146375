// repmlp convert: the same tensors in another format or precision.
import { basename } from 'node:path';
import { Option } from 'commander';
import { UserError } from '@shared/base/user-error';
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import { entriesOfFile, type FloatType } from '@shared/checkpoint/entries';
import { watchStorage } from '@shared/checkpoint/storage-warnings';
import { formatOfName } from '@shared/checkpoint/write';
import { checkCheckpointTarget, writeCheckpointFile } from '../../files';
import { understandFile } from '../../files/checkpoint-network';
import { lostSettings, networkMetadata, readOf, type Read } from '../../app/checkpoint/kept-settings';
import { chosenSet, setMetadata } from '../../app/checkpoint/weight-sets-text';
import { openWeights } from '../network';
import { StatusLine } from '../progress';
import { print, remark, withWeights, type Verb } from '../verb';

/** Floating types that files can hold. */
export const FLOAT_DTYPES: readonly FloatType[] = ['float64', 'float32', 'float16', 'bfloat16'];

/** The --dtype option of verbs that write weights; `more` are further choices of one verb. */
export function dtypeOption(more: readonly string[] = [], help = ''): Option {
  return new Option('--dtype <type>', `type of floating tensors in the output${help}`).choices([...FLOAT_DTYPES, ...more]);
}

export const convertVerb: Verb = (program) => {
  withWeights(program.command('convert'))
    .description('rewrite a checkpoint as .pth, .safetensors or .npz')
    .argument('<in>', 'checkpoint')
    .argument('<out>', 'file to write; its ending decides the format')
    .addOption(dtypeOption())
    .option('--force', 'replace an existing file')
    .action(async (input: string, output: string, options: { weights?: string; dtype?: FloatType; force?: boolean }) => {
      await checkCheckpointTarget(output, { force: options.force ?? false });
      const file = await openWeights(input, options);
      try {
        const { dtype, force = false } = options;
        const watched = watchStorage(entriesOfFile(file), dtype);
        const read = readAs(file);
        const metadata = {
          ...file.metadata,
          ...(read && file.moduleSettings.size > 0 ? networkMetadata(read) : {}),
          ...setMetadata(chosenSet(file)),
        };
        const write = (): Promise<void> => writeCheckpointFile(output, watched.entries, { force, dtype, metadata });
        await new StatusLine().during(`writing ${output}`, write);
        watched.warnings().forEach(remark);
        if (read) lostSettings(read, file.tensors, formatOfName(basename(output))).forEach(remark);
        print(`${output}: ${file.tensors.length} tensors`);
      } finally {
        await file.close();
      }
    });
};

/** What is known of the file; null where it contradicts itself: its tensors are converted all the same. */
function readAs(file: CheckpointFile): Read | null {
  try {
    return readOf(understandFile(file), file.moduleSettings);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}
