// One weight as a matrix for the explorer: what a PyTorch layer multiplies with. A fully-connected weight is
// (out, in) as it stands; a convolution's (O, C, K, L) is read as O x C*K*L, one row per output channel.
import type { TensorMatrix, WeightsReference } from '@shared/link/studio';
import { matrixShapeOf } from '@shared/tensor/matrix-shape';
import { toFloat32 } from '@shared/tensor/convert';
import { shapeText } from '@shared/tensor/tensor';
import { UserError } from '@shared/base/user-error';
import type { Studio } from '../studio';

/** Rejects with UserError if there is no such tensor, or it is neither 2-D nor 4-D. */
export async function tensorMatrix({ weights, bulk }: Studio, reference: WeightsReference, name: string): Promise<TensorMatrix> {
  const { file, done } = await weights.fileOf(reference);
  const info = file.tensors.find((tensor) => tensor.name === name);
  await done();
  if (info === undefined) throw new UserError(`${file.fileName} has no tensor called ${name}`);
  const size = matrixShapeOf(info);
  if (size === null)
    throw new UserError(`${name} is ${info.dtype} ${shapeText(info.shape)}: floating tensors of 2 or 4 axes can be opened as a matrix`);
  const produce = async (): Promise<Uint8Array<ArrayBuffer>> => {
    const opened = await weights.fileOf(reference);
    const { data } = await opened.file.read(name).then(toFloat32).finally(opened.done);
    return new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
  };
  const url = bulk.add({ kind: 'lazy', length: size.rows * size.columns * 4, produce });
  return { name, dtype: info.dtype, shape: info.shape, ...size, url };
}
