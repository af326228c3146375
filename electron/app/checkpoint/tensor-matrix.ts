// One weight as a matrix for the explorer: what a PyTorch layer multiplies with. A fully-connected weight is (out, in) as it
// stands; a convolution's (O, C, K, L) is read as O x C*K*L, one row per output channel, or is the matrix it is on a map. The
// weight is one of the file, or one that a group of a family has once it is merged.
import type { TensorMatrix, WeightsReference } from '@shared/link/studio';
import { columnsOf, rowsOf } from '@shared/matrix/geometry';
import { isOddKernel, kernelGeometry, kernelMatrix, usualMap } from '@shared/merge/kernel-matrix';
import type { Pair } from '@shared/model/spec';
import { matrixShapeOf } from '@shared/tensor/matrix-shape';
import { toFloat32 } from '@shared/tensor/convert';
import { shapeText, type Tensor, type TensorInfo } from '@shared/tensor/tensor';
import { UserError } from '@shared/base/user-error';
import { mergedTensor } from '../merge/family-weights';
import type { Studio } from '../studio';

/** Which weight, and how it is seen. */
interface AskedMatrix {
  readonly tensor: string;
  readonly merged?: boolean;
  /** Of a kernel: height and width of the map; `usual` is one of a size to be looked at, for odd kernels. */
  readonly map?: Pair | 'usual';
}

/** Rejects with UserError if there is no such tensor, or it is neither 2-D nor 4-D, or no kernel where a map is given. */
export async function tensorMatrix(studio: Studio, reference: WeightsReference, asked: AskedMatrix): Promise<TensorMatrix> {
  const { tensor: name } = asked;
  const { info, read } = await (asked.merged ? mergedWeight(studio, reference, name) : ownWeight(studio, reference, name));
  const map = asked.map === 'usual' ? (isOddKernel(info.shape) ? usualMap(info.shape) : undefined) : asked.map;
  if (map !== undefined) {
    const geometry = kernelGeometry(name, info.shape, map);
    const size = { rows: rowsOf(geometry), columns: columnsOf(geometry), geometry };
    return { ...info, ...size, url: urlOf(studio, size, async () => kernelMatrix(name, await read(), map)) };
  }
  const size = matrixShapeOf(info);
  if (size === null)
    throw new UserError(`${name} is ${info.dtype} ${shapeText(info.shape)}: floating tensors of 2 or 4 axes can be opened as a matrix`);
  return { ...info, ...size, geometry: null, url: urlOf(studio, size, async () => toFloat32(await read()).data) };
}

interface FoundWeight {
  readonly info: TensorInfo;
  readonly read: () => Promise<Tensor>;
}

async function ownWeight({ weights }: Studio, reference: WeightsReference, name: string): Promise<FoundWeight> {
  const { file, done } = await weights.fileOf(reference);
  const info = file.tensors.find((tensor) => tensor.name === name);
  await done();
  if (info === undefined) throw new UserError(`${file.fileName} has no tensor called ${name}`);
  const read = async (): Promise<Tensor> => {
    const opened = await weights.fileOf(reference);
    return opened.file.read(name).finally(opened.done);
  };
  return { info: { name, dtype: info.dtype, shape: info.shape }, read };
}

/** Computed now, for its shape, and again when it is fetched: the values of a large layer are not kept in between. */
async function mergedWeight({ weights }: Studio, reference: WeightsReference, name: string): Promise<FoundWeight> {
  const read = (): Promise<Tensor> => mergedTensor(weights, reference, name);
  const { dtype, shape } = await read();
  return { info: { name, dtype, shape }, read };
}

function urlOf(
  { bulk }: Studio,
  { rows, columns }: { readonly rows: number; readonly columns: number },
  values: () => Promise<Float32Array>,
): string {
  const produce = async (): Promise<Uint8Array<ArrayBuffer>> => {
    const data = await values();
    return new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
  };
  return bulk.add({ kind: 'lazy', length: rows * columns * 4, produce });
}
