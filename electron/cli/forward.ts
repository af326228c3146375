// repmlp forward: the network in eval mode on a tensor from a file.
import { withInputSize } from '@shared/model/walk';
import type { NetworkSpec } from '@shared/model/spec';
import { shapeText, type FloatTensor } from '@shared/tensor/tensor';
import { toFloat32 } from '@shared/tensor/convert';
import { UserError } from '@shared/user-error';
import { checkCheckpointTarget, openCheckpointFile, writeCheckpointFile } from '../service/files';
import { withEngine } from './engine';
import { readNetwork } from './network';
import { StatusLine } from './progress';
import { print, withBackend, withForm, withNetworkOptions, type BackendOption, type NetworkOptions, type Verb } from './verb';

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
      const { spec, weights } = await readNetwork(path, options);
      const input = await readInput(options.input);
      const sized = sizedFor(spec, input);
      const request = { spec: sized, weights, input, backend: options.backend, layers: false };
      const { output, backend } = await new StatusLine().during(`running ${spec.name} on ${shapeText(input.shape)} inputs`, () =>
        withEngine((engine) => engine.forward(request)),
      );
      await writeCheckpointFile(options.output, new Map([['y', output]]), { force: options.force ?? false });
      print(`${options.output}: y ${shapeText(output.shape)}, ${spec.name}, ${spec.form} form, backend ${backend}`);
    });
};

/** Tensor `x` of a file as float32. Throws UserError if the file has none of rank 4. */
export async function readInput(path: string): Promise<FloatTensor> {
  const file = await openCheckpointFile(path);
  try {
    if (!file.tensors.some(({ name }) => name === 'x'))
      throw new UserError(
        `${path} has no tensor called x; it has ${
          file.tensors
            .map(({ name }) => name)
            .slice(0, 5)
            .join(', ') || 'none'
        }`,
      );
    const x = toFloat32(await file.read('x'));
    if (x.shape.length !== 4 || x.shape.includes(0))
      throw new UserError(`tensor x in ${path} must have shape N, C, H, W, none of them 0; it is ${shapeText(x.shape)}`);
    return x;
  } finally {
    await file.close();
  }
}

/** The network for inputs of the height and width of `x`. Throws UserError where the channels differ. */
export function sizedFor(spec: NetworkSpec, { shape }: FloatTensor): NetworkSpec {
  const [, channels, height, width] = shape;
  if (channels !== spec.input.channels)
    throw new UserError(`${spec.name} takes inputs with ${spec.input.channels} channels; tensor x has shape ${shapeText(shape)}`);
  return withInputSize(spec, height, width);
}
