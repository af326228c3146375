// repmlp forward: the network in eval mode on a tensor from a file.
import { sizedFor } from '@shared/model/walk';
import { shapeText, type FloatTensor } from '@shared/tensor/tensor';
import { toFloat32 } from '@shared/tensor/convert';
import { UserError } from '@shared/base/user-error';
import { checkCheckpointTarget, openCheckpointFile, writeCheckpointFile } from '../../files';
import { withEngine } from '../engine';
import { expectAskedSize } from '../input-size';
import { readNetwork } from '../network';
import { StatusLine } from '../progress';
import { print, withBackend, withForm, withNetworkOptions, type BackendOption, type NetworkOptions, type Verb } from '../verb';

interface ForwardOptions extends NetworkOptions, BackendOption {
  readonly input: string;
  readonly output: string;
  readonly force?: boolean;
}

export const forwardVerb: Verb = (program) => {
  const command = program
    .command('forward')
    .description('run a network in eval mode on tensor `x`, write tensor `y`')
    .argument('<in>', 'checkpoint or run folder');
  withBackend(withForm(withNetworkOptions(command)))
    .requiredOption('--input <x.safetensors>', 'file with tensor x (N, C, H, W)')
    .requiredOption('--output <y.safetensors>', 'file to write tensor y to')
    .option('--force', 'replace an existing file')
    .action(async (path: string, options: ForwardOptions) => {
      await checkCheckpointTarget(options.output, { force: options.force ?? false });
      const input = await readInput(options.input);
      expectAskedSize(input.shape, options);
      const { spec, weights } = await readNetwork(path, options, input.shape);
      const sized = sizedFor(spec, input.shape);
      const request = { spec: sized, weights, input, backend: options.backend, layers: false };
      const doing = `running ${spec.name} on ${shapeText(input.shape)} inputs`;
      const { output, backend } = await new StatusLine().duringParts(doing, (onProgress) =>
        withEngine((engine) => engine.forward(request, { onProgress })),
      );
      await writeCheckpointFile(options.output, new Map([['y', output]]), { force: options.force ?? false });
      print(`${options.output}: y ${shapeText(output.shape)}, ${spec.name}, ${spec.form} form, backend ${backend}`);
    });
};

/** Tensor `x` of a file as float32. Throws UserError if the file has none of rank 4. */
export async function readInput(path: string): Promise<FloatTensor> {
  return readNamedInput(path, ['x']);
}

/** The first tensor of a file that has one of `names`, as float32. Throws UserError if the file has none of rank 4. */
export async function readNamedInput(path: string, names: readonly string[]): Promise<FloatTensor> {
  const file = await openCheckpointFile(path);
  try {
    const present = file.tensors.map(({ name }) => name);
    const name = names.find((wanted) => present.includes(wanted));
    if (name === undefined)
      throw new UserError(`${path} has no tensor called ${names.join(' or ')}; it has ${present.slice(0, 5).join(', ') || 'none'}`);
    const x = toFloat32(await file.read(name));
    if (x.shape.length !== 4 || x.shape.includes(0))
      throw new UserError(`tensor ${name} in ${path} must have shape N, C, H, W, none of them 0; it is ${shapeText(x.shape)}`);
    return x;
  } finally {
    await file.close();
  }
}
