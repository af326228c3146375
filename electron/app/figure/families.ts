// Weights and merged layers of a file as figures ask for them: of files of unknown networks, too, whose groups of known families
// are merged as the recipe says. What was said of them in the window travels in the recipe's source.
import { basename } from 'node:path';
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import type { AskedWeight, FamilyLayers, WeightMatrix } from '@shared/figure/kind';
import type { FigureSource } from '@shared/figure/recipe';
import { columnsOf, rowsOf } from '@shared/matrix/geometry';
import { isOddKernel, kernelGeometry, kernelMatrix, usualMap } from '@shared/merge/kernel-matrix';
import { runSteps } from '@shared/merge/merge-network';
import { NO_CHOICE } from '@shared/model/recognise/partition-readings';
import { toFloat32 } from '@shared/tensor/convert';
import { matrixShapeOf } from '@shared/tensor/matrix-shape';
import { shapeText, type Tensor } from '@shared/tensor/tensor';
import { UserError } from '@shared/base/user-error';
import { understandFile } from '../../files/checkpoint-network';
import { joinAdapter } from '../checkpoint/joined-adapter';
import { openNamedWeights } from '../checkpoint/weights-file';
import { mergedKernels } from '../merge/kernels';
import type { NamedText } from '@shared/link/studio';

interface OpenedSource {
  /** With the tensors of an adapter that the source names. */
  readonly file: CheckpointFile;
  readonly config: NamedText | undefined;
}

/** A weight of a source as a matrix. Rejects with UserError where there is none of that name, or it is no matrix. */
export async function weightMatrix(source: FigureSource, asked: AskedWeight): Promise<WeightMatrix> {
  const tensor = await withSource(source, (opened) =>
    asked.merged ? mergedWeight(source, opened, asked.name) : ownWeight(opened, asked.name),
  );
  const { dtype, shape } = tensor;
  const map = asked.map === 'usual' ? (isOddKernel(shape) ? usualMap(shape) : undefined) : asked.map;
  if (map !== undefined) {
    const on: [number, number] = [map[0], map[1]];
    const geometry = kernelGeometry(asked.name, shape, on);
    return { dtype, shape, geometry, rows: rowsOf(geometry), columns: columnsOf(geometry), data: kernelMatrix(asked.name, tensor, on) };
  }
  const size = matrixShapeOf(tensor);
  if (size === null)
    throw new UserError(`${asked.name} is ${dtype} ${shapeText(shape)}: floating tensors of 2 or 4 axes are drawn as a matrix`);
  return { dtype, shape, ...size, geometry: null, data: toFloat32(tensor).data };
}

/** The merged layers of a source. Rejects with UserError where it has no group of a known family in an unknown network. */
export function familyLayers(source: FigureSource): Promise<FamilyLayers> {
  return withSource(source, (opened) => layersOf(source, opened));
}

async function layersOf(source: FigureSource, { file, config }: OpenedSource): Promise<FamilyLayers> {
  const { families = {}, partitions = [], eps = null } = source;
  const choices = partitions.length === 0 && eps === null ? NO_CHOICE : { partitions, eps };
  const choice = { ...families, adapterText: config, ...(eps !== null && { eps: String(eps) }) };
  const found = await mergedKernels(
    file,
    understandFile(file, choices),
    choice,
    () => file.readAll(),
    (steps) => runSteps(steps, {}),
  );
  if (found === null) throw new UserError(`${file.fileName} holds no group of a known family in an unknown network`);
  return { fileName: basename(file.fileName), kernels: found.kernels, train: found.train };
}

async function ownWeight({ file }: OpenedSource, name: string): Promise<Tensor> {
  if (file.tensors.every((tensor) => tensor.name !== name)) throw new UserError(`${file.fileName} has no tensor called ${name}`);
  return file.read(name);
}

async function mergedWeight(source: FigureSource, opened: OpenedSource, name: string): Promise<Tensor> {
  const { kernels } = await layersOf(source, opened);
  const found = kernels.find((kernel) => kernel.name === name);
  if (found !== undefined) return found.weight;
  throw new UserError(
    `no group in ${opened.file.fileName} has ${name} once it is merged; it has ${kernels.map((one) => one.name).join(', ')}`,
  );
}

async function withSource<T>({ path, weights, families }: FigureSource, use: (opened: OpenedSource) => Promise<T>): Promise<T> {
  const file = await openNamedWeights(path, { weights });
  try {
    if (families?.adapter === undefined) return await use({ file, config: undefined });
    const joined = await joinAdapter(file, families.adapter, families.config ?? null);
    return await use(joined).finally(() => joined.file.close());
  } finally {
    await file.close();
  }
}
