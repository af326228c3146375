// What is known of ONNX's operations, as far as it decides whether branches could be one layer. Invariant: an operation that is in
// none of these lists is not known, and nothing is concluded past it.
import type { OnnxNode } from '../checkpoint/onnx/messages';

/** Linear in their one computed input, with stored weights beside it. */
export const WEIGHTED: ReadonlySet<string> = new Set(['Conv', 'Gemm', 'MatMul', 'ConvTranspose', 'Einsum']);

/** Linear in their first input, and without weights of their own; int8 numbers stand for what they were rounded from. */
export const PASSING: ReadonlySet<string> = new Set(
  `Identity Reshape Transpose Flatten Squeeze Unsqueeze Pad AveragePool Dropout Cast CastLike Neg Slice Split Gather Expand Tile
   DepthToSpace SpaceToDepth QuantizeLinear DequantizeLinear BatchNormalization`.split(/\s+/),
);

export const NORM = 'BatchNormalization';

/** Sums of what they are given. */
export const SUMS: ReadonlySet<string> = new Set(['Add', 'Sum', 'Sub']);

/** Linear where only one input is computed; a product or quotient of two is not. */
const SCALING: ReadonlySet<string> = new Set(['Mul', 'Div']);

/** What they give follows from the shapes of their inputs alone. */
export const OF_SHAPES: ReadonlySet<string> = new Set(['Shape', 'Size', 'ConstantOfShape']);

/** Not linear, or (means over the whole map, maps of another size) in no layer that a branch beside them could be merged into. */
const ENDING: ReadonlySet<string> = new Set(
  `Relu LeakyRelu PRelu ThresholdedRelu Clip Sigmoid HardSigmoid HardSwish Swish Tanh Erf Elu Celu Selu Gelu Mish Softplus Softsign Shrink
   Softmax LogSoftmax Hardmax Exp Log Sqrt Pow Reciprocal Abs Sign Floor Ceil Round Max Min Mean Mod Sin Cos Tan Atan Asin Acos Sinh Cosh
   MaxPool GlobalMaxPool LpPool GlobalLpPool ReduceMax ReduceMin ReduceL1 ReduceL2 ReduceProd ReduceLogSumExp ReduceSumSquare ArgMax ArgMin
   TopK NonZero NonMaxSuppression OneHot CumSum Range Equal Greater GreaterOrEqual Less LessOrEqual And Or Not Xor Where IsNaN IsInf Compress
   LayerNormalization InstanceNormalization GroupNormalization RMSNormalization LRN LpNormalization MeanVarianceNormalization
   DynamicQuantizeLinear RoiAlign GridSample ScatterND ScatterElements GatherND GatherElements Unique Bernoulli RandomNormalLike
   RandomUniformLike LSTM GRU RNN Concat Constant EyeLike Trilu
   GlobalAveragePool ReduceMean ReduceSum Resize Upsample`.split(/\s+/),
);

/** The operation by name where nothing is known of it; null where it is. */
export function unknownOperation({ opType, domain }: OnnxNode): string | null {
  if (domain !== '' && domain !== 'ai.onnx') return `${domain}.${opType}`;
  const isKnown = [WEIGHTED, PASSING, SUMS, SCALING, OF_SHAPES, ENDING].some((list) => list.has(opType));
  return isKnown ? null : opType;
}
