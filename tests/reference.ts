// Access to the reference numbers in tests/reference: the official code's outputs (see index.json there).
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DType, FloatTensor, Tensor } from '../src-shared/tensor/tensor';
import type { BlockFamily } from '../src-shared/model/block-families';

/** Path of a file below tests/reference. */
export function referencePath(name: string): string {
  return fileURLToPath(new URL(`./reference/${name}`, import.meta.url));
}

/** One block case of blocks/index.json. */
export interface ReferenceCase {
  readonly id: string;
  readonly file: string;
  readonly family: BlockFamily;
  readonly bn_statistics: 'plain' | 'stress';
  readonly config: Record<string, unknown>;
  readonly input_shape: readonly number[];
  readonly output_shape: readonly number[];
  readonly groups_of_tensors: readonly string[];
  readonly official_conversion_equivalent: boolean;
  /** How far PyTorch's own float32 results are from the double-precision truth. */
  readonly metrics: {
    readonly max_abs_y64: number;
    readonly max_abs_train_minus_y64: number;
    readonly max_abs_deploy_minus_y64: number;
    readonly training_mode_loss?: number;
    /** Of the conversion as it should have been, where the official one is wrong. */
    readonly max_abs_fixed_minus_y64?: number;
  };
}

/** All 43 block cases. */
export const referenceCases: readonly ReferenceCase[] = (
  JSON.parse(readFileSync(referencePath('blocks/index.json'), 'utf8')) as { cases: ReferenceCase[] }
).cases;

/** flops.json: parameters and MACs counted on the official code. */
export interface ReferenceCost {
  readonly params: number;
  readonly macs: number;
  readonly layers?: readonly (readonly [name: string, kind: string, params: number, macs: number, outputShape: number[]])[];
}
/** What a network costs as a whole. */
interface ReferenceTotals extends ReferenceCost {
  readonly bn_elements: number;
  readonly input: readonly number[];
}
interface ReferenceModelCost {
  readonly model: string;
  readonly train: ReferenceTotals;
  readonly deploy: ReferenceTotals;
}
export const referenceCosts = JSON.parse(readFileSync(referencePath('flops.json'), 'utf8')) as {
  readonly summary: readonly ReferenceModelCost[];
  readonly derived_v1_variants: readonly ReferenceModelCost[];
  readonly derived_cifar: readonly ReferenceModelCost[];
  readonly per_layer: Readonly<Record<string, Required<ReferenceCost>>>;
};

/** Tensors of a case (`case.file`): an independent reader of the format, so that the product's own reader is not the judge of itself. */
export function readReferenceTensors(file: string): Map<string, Tensor> {
  return tensorsOf(`blocks/${file}`);
}

/** Tensors of a safetensors file below tests/reference. */
export function tensorsOf(path: string): Map<string, Tensor> {
  const bytes = readFileSync(referencePath(path));
  const headerLength = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + headerLength)) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  const tensors = new Map<string, Tensor>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const [start, end] = entry.data_offsets.map((offset) => offset + 8 + headerLength);
    const raw = new Uint8Array(bytes.subarray(start, end)).buffer;
    tensors.set(name, { shape: entry.shape, ...typedArrayOf(entry.dtype, raw) });
  }
  return tensors;
}

function typedArrayOf(dtype: string, raw: ArrayBuffer): { dtype: DType; data: Tensor['data'] } {
  if (dtype === 'F32') return { dtype: 'float32', data: new Float32Array(raw) };
  if (dtype === 'F16') return { dtype: 'float16', data: new Uint16Array(raw) };
  if (dtype === 'F64') return { dtype: 'float64', data: new Float64Array(raw) };
  if (dtype === 'I64') return { dtype: 'int64', data: new BigInt64Array(raw) };
  throw new Error(`the reference files hold no ${dtype} tensors`);
}

/** The tensors whose name starts with `prefix.`, without it: `train`, `deploy`, `fixed`, `tm.grad`, ... */
export function group(tensors: ReadonlyMap<string, Tensor>, prefix: string): Map<string, Tensor> {
  const start = `${prefix}.`;
  return new Map([...tensors].filter(([name]) => name.startsWith(start)).map(([name, tensor]) => [name.slice(start.length), tensor]));
}

/** A float32 tensor of a case. Throws if it is missing or of another type. */
export function float32Of(tensors: ReadonlyMap<string, Tensor>, name: string): FloatTensor {
  const tensor = tensors.get(name);
  if (tensor?.dtype !== 'float32') throw new Error(`the case has no float32 tensor ${name}`);
  return tensor as FloatTensor;
}
