// --input-size: inputs of another height and width than a network is described for, with the same weights; and what
// is said where nothing tells the size.
import { assumedSizeText, inputSizeText, isSizeOpen, parseInputSize, withSizeOf } from '@shared/model/input-size';
import type { NetworkSpec } from '@shared/model/spec';
import { UserError } from '@shared/base/user-error';
import { remark, type NetworkOptions } from './verb';

type SizeOption = Pick<NetworkOptions, 'inputSize'>;

/** The network for inputs of the size asked for; as it is where none is. Throws UserError where it cannot take them. */
export function sizedAsAsked(spec: NetworkSpec, { inputSize }: SizeOption): NetworkSpec {
  return inputSize === undefined ? spec : withSizeOf(spec, parseInputSize('--input-size', inputSize));
}

/** Says on stderr which size is taken, where the weights leave it open and nobody named it. */
export function remarkAssumedSize(spec: NetworkSpec): void {
  remark(`assumed ${assumedSizeText(spec)}; --input-size says otherwise`);
}

/** Whether nothing but a default says how large a network's inputs are. `stated`: the file or the user described the network with them. */
export function isSizeAssumed(spec: NetworkSpec, stated: boolean, { inputSize }: SizeOption): boolean {
  return !stated && inputSize === undefined && isSizeOpen(spec);
}

/** Throws UserError where the inputs given are of another size than was asked for. */
export function expectAskedSize(shape: readonly number[], { inputSize }: SizeOption): void {
  if (inputSize === undefined) return;
  const asked = parseInputSize('--input-size', inputSize);
  const [height, width] = shape.slice(-2);
  if (asked.height !== height || asked.width !== width)
    throw new UserError(
      `--input-size says ${inputSizeText(asked)}, but the inputs given with --input are ${height}x${width}; leave one of the two out`,
    );
}
