// The weights of an ONNX model, under their own names: its initializers, constants that stand as operations, and initializers that
// an Identity gives a second name. Invariant: what an operation takes as a shape or an index is no weight, and a weight that cannot be
// read refuses the file or is listed as unread.
import { elementCount, type DType, type Tensor, type TensorData } from '../../tensor/tensor';
import type { ByteSource } from '../byte-source';
import type { FoundDirectory, StoredTensor, UnreadValue } from '../checkpoint-file';
import { quoted, refuse } from '../refuse';
import { byteLengthOf, tensorOfBytes } from '../tensor-bytes';
import { unreadTensor } from '../unread';
import { decodeModel, type OnnxModel, type OnnxTensor } from './messages';

/** TensorProto.data_type -> element type. */
const TYPES: ReadonlyMap<number, DType> = new Map([
  [1, 'float32'],
  [2, 'uint8'],
  [3, 'int8'],
  [5, 'int16'],
  [6, 'int32'],
  [7, 'int64'],
  [9, 'bool'],
  [10, 'float16'],
  [11, 'float64'],
  [16, 'bfloat16'],
]);
const EXTERNAL = 1;

/** Reads the model: as a message has no directory, all of it. Throws UserError where it is damaged or its values lie elsewhere. */
export async function readOnnx(source: ByteSource): Promise<FoundDirectory> {
  const model = decodeModel(await source.read(0, source.size));
  const weights = storedTensors(model).filter(isWeight);
  const known = weights.filter(({ dataType }) => TYPES.has(dataType));
  const unread = [...weights.filter(({ dataType }) => !TYPES.has(dataType)).map(unreadWeight), ...sparseWeights(model)];
  return {
    format: 'onnx',
    contentBytes: source.size,
    metadata: factsOf(model),
    model,
    sets: [
      {
        name: '',
        tensorNames: known.map(({ name }) => name),
        content: () => ({ tensors: known.map(storedTensor), unread, settings: new Map() }),
      },
    ],
  };
}

/** All that is stored, each once under every name it has: exporters keep equal weights once, and give them to others by Identity. */
function storedTensors({ graph }: OnnxModel): OnnxTensor[] {
  const byName = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  for (const { opType, input, output, attribute } of graph.node) {
    const constant = opType === 'Constant' ? attribute.find(({ name }) => name === 'value')?.t : undefined;
    const found = constant ?? (opType === 'Identity' ? byName.get(input[0] ?? '') : undefined);
    if (found !== undefined && output[0] !== undefined && !byName.has(output[0])) byName.set(output[0], { ...found, name: output[0] });
  }
  return [...byName.values()];
}

function sparseWeights({ graph }: OnnxModel): UnreadValue[] {
  return (graph.sparseInitializer ?? []).map(({ values, dims }) => unreadTensor(values?.name ?? '', 'sparse ONNX', dims, 'tensor'));
}

/** Facts that a model carries, and who made it. */
function factsOf({ metadataProps, producerName, producerVersion }: OnnxModel): Record<string, string> {
  const facts = Object.fromEntries(metadataProps.map(({ key, value }) => [key, value]));
  return { ...facts, ...(producerName === '' ? {} : { producer: `${producerName} ${producerVersion}`.trim() }) };
}

/** Shapes, axes and indexes are stored as whole numbers, single numbers as scalars: neither belongs to a layer. */
function isWeight({ dims, dataType }: OnnxTensor): boolean {
  return dims.length > 0 && TYPES.get(dataType) !== 'int64';
}

function unreadWeight({ name, dims, dataType }: OnnxTensor): UnreadValue {
  return unreadTensor(name, `ONNX element type ${dataType}`, dims, 'tensor');
}

function storedTensor(tensor: OnnxTensor): StoredTensor {
  const { name, dims, dataType, rawData } = tensor;
  const dtype = TYPES.get(dataType) as DType;
  if (tensor.dataLocation === EXTERNAL)
    return refuse(`keeps ${quoted(name)} in a file of its own beside it; save the model again with its weights inside`);
  if (dims.some((size) => !Number.isSafeInteger(size) || size < 0))
    return refuse(`gives ${quoted(name)} a shape that none has: ${dims.join('x')}`);
  if (rawData !== undefined && rawData.length !== byteLengthOf(dtype, dims))
    return refuse(`holds ${rawData.length} bytes for ${quoted(name)}, which needs ${byteLengthOf(dtype, dims)}`);
  const values = rawData === undefined ? listedValues(tensor, dtype) : null;
  const load = (): Promise<Tensor> =>
    Promise.resolve(values ? { dtype, shape: dims, data: values } : tensorOfBytes(dtype, dims, new Uint8Array(rawData as Uint8Array)));
  return { name, dtype, shape: dims, cost: byteLengthOf(dtype, dims), load };
}

/** Values that stand one by one instead of as bytes. */
function listedValues({ name, dims, floatData, doubleData, int32Data }: OnnxTensor, dtype: DType): TensorData {
  const listed = dtype === 'float32' ? floatData : dtype === 'float64' ? doubleData : int32Data;
  if (listed.length !== elementCount(dims)) refuse(`lists ${listed.length} values for ${quoted(name)}, which needs ${elementCount(dims)}`);
  switch (dtype) {
    case 'float32':
      return Float32Array.from(listed);
    case 'float64':
      return Float64Array.from(listed);
    case 'float16':
    case 'bfloat16':
      return Uint16Array.from(listed);
    case 'int32':
      return Int32Array.from(listed);
    case 'int16':
      return Int16Array.from(listed);
    case 'int8':
      return Int8Array.from(listed);
    default:
      return Uint8Array.from(listed);
  }
}
