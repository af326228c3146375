// repmlp convert: the same tensors in another format or precision.
import { Option } from 'commander';
import { entriesOfFile, type FloatType } from '@shared/checkpoint/entries';
import { watchStorage } from '@shared/checkpoint/storage-warnings';
import { checkCheckpointTarget, writeCheckpointFile } from '../../files';
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
        const metadata = { ...file.metadata, ...setMetadata(chosenSet(file)) };
        const write = (): Promise<void> => writeCheckpointFile(output, watched.entries, { force, dtype, metadata });
        await new StatusLine().during(`writing ${output}`, write);
        watched.warnings().forEach(remark);
        print(`${output}: ${file.tensors.length} tensors`);
      } finally {
        await file.close();
      }
    });
};
