// Merged blocks of other families as an ONNX model: one convolution or matrix each, with an input and an output of its own, since the
// network around them is not known; and what each has to give, from its training form in double precision. Convolutions are those of
// the verdict: stride 1, padded so that the map keeps its size.
import type { OnnxModel, OnnxValue } from '../../checkpoint/onnx/messages';
import { GraphBuilder } from '../../model/onnx/graph';
import { runToEnd } from '../../base/run-to-end';
import { biasOfRows, kernelSizeOf, type AffineMap } from '../../merge/recipes/algebra/affine-map';
import type { Group } from '../../merge/recipes/bind-group';
import { evaluated, magnitudes, mergedModules } from '../../merge/recipes/evaluate-group';
import type { GivenSettings } from '../../merge/recipes/settings';
import { elementCount, floatTensor, type FloatTensor, type NamedTensors, type Tensor } from '../../tensor/tensor';
import { SAME, type Array64 } from './layers64';
import { layerOf, trainForm } from './train-form';
import { inputsFor, magnitudeOf, STORED_UNIT } from './verdict';

/** One merged layer of a group. */
export interface ExportedBlock {
  /** Its path: the name of its operation. */
  readonly path: string;
  readonly weight: string;
  readonly bias: string | null;
  readonly map: AffineMap;
  /** Largest rounding of the type that the merged weight is stored in. */
  readonly storedUnit: number;
  readonly input: FloatTensor;
  /** What its training form gives, and the sum of magnitudes each output reads. */
  readonly truth: Array64;
  readonly room: Array64;
}

/** Names of a block's own input and output. */
export const inputName = (path: string): string => `${path || 'block'}/input`;
export const outputName = (path: string): string => `${path || 'block'}/output`;

/** The merged layers of a group; null where one cannot stand alone: a matrix that is stored turned has its bias on the other axis. Throws Refusal as the verdict does. */
export function exportedBlocks(
  group: Group,
  train: NamedTensors,
  merged: NamedTensors,
  settings: GivenSettings,
  seed: number,
): ExportedBlock[] | null {
  const values = evaluated(group, train, settings);
  const bounds = new Map(mergedModules(group, magnitudes(group, train, settings)).map(({ weight, map }) => [weight, map]));
  const layers = trainForm(group, train, settings);
  const found: ExportedBlock[] = [];
  for (const { module, weight, bias, map } of mergedModules(group, values)) {
    const layer = layers.maps.get(group.recipe.merged[module])?.[0].value;
    const bound = bounds.get(weight);
    const stored = merged.get(weight);
    if (!layer || !bound || stored === undefined) throw new RangeError(`${weight} has no training form, or was not merged`);
    if (map.bias !== null && biasOfRows(map) === null) return null;
    const drawn = inputsFor(map, seed);
    const input = floatTensor(drawn.shape, Float32Array.from(drawn.data));
    const single = { shape: drawn.shape, data: Float64Array.from(input.data) };
    found.push({
      path: weight.replace(/\.?weight$/, ''),
      weight,
      bias: merged.has(bias) ? bias : null,
      map,
      storedUnit: STORED_UNIT[stored.dtype] ?? 0,
      input,
      truth: runToEnd(layer.run(single, SAME)),
      room: runToEnd(layerOf(bound).run(magnitudeOf(single), SAME)),
    });
  }
  return found;
}

/** IR version 8 goes with opset 17 (ONNX 1.12). */
const [IR_VERSION, OPSET, FLOAT] = [8, 17, 1];

/** The blocks as one model. `facts` go into its metadata. */
export function blocksGraph(
  title: string,
  blocks: readonly ExportedBlock[],
  merged: NamedTensors,
  facts: Readonly<Record<string, string>>,
): OnnxModel {
  const graph = new GraphBuilder(title, merged);
  const ends = blocks.map((block) => {
    const input = graph.fresh(inputName(block.path));
    const own = blockNode(graph, block, merged, input);
    return {
      input: valueOf(input, block, 'input'),
      output: valueOf(graph.add('Identity', outputName(block.path), [own]), block, 'output'),
    };
  });
  return {
    irVersion: IR_VERSION,
    producerName: 'RepMLP Studio',
    producerVersion: '',
    graph: {
      node: graph.nodes,
      name: title,
      initializer: graph.initializers,
      input: ends.map(({ input }) => input),
      output: ends.map(({ output }) => output),
    },
    opsetImport: [{ domain: '', version: OPSET }],
    metadataProps: Object.entries(facts).map(([key, value]) => ({ key, value })),
  };
}

function blockNode(graph: GraphBuilder, { path, weight, bias, map, input }: ExportedBlock, merged: NamedTensors, x: string): string {
  const inputs = [x, graph.weight(weight), ...(bias === null ? [] : [graph.weight(bias)])];
  const { shape } = merged.get(weight) as Tensor;
  if (shape.length !== 4) return graph.add('Gemm', path, inputs, { transB: 1 });
  const [K, L] = kernelSizeOf(map);
  const [top, left] = [Math.floor((K - 1) / 2), Math.floor((L - 1) / 2)];
  const pads = [top, left, K - 1 - top, L - 1 - left];
  return graph.add('Conv', path, inputs, { group: input.shape[1] / shape[1], kernel_shape: [K, L], pads });
}

/** (N, C, H, W) with height and width open, or (N, features). */
function valueOf(name: string, { map, input }: ExportedBlock, side: 'input' | 'output'): OnnxValue {
  const channels = side === 'input' ? input.shape[1] : map.shape[0];
  const open = input.shape.length === 4 ? ['H', 'W'] : [];
  // Each block is run on inputs of its own: no two of its sizes are one.
  const dim = [{ dimParam: `${name}/N` }, { dimValue: channels }, ...open.map((axis) => ({ dimParam: `${name}/${axis}` }))];
  return { name, type: { tensorType: { elemType: FLOAT, shape: { dim } } } };
}

const UNIT = 2 ** -24;
/** Roundings of a merged number, as in the verdict; and of a sum of n products in float32, which grows as a random walk. */
const ROUNDINGS = 8;
const PER_ROOT = 4;

export const ONNX_BLOCKS_TOLERANCE =
  `ONNX Runtime sums in float32: an output may be off by ${ROUNDINGS} roundings (2^-24 each) and ${PER_ROOT} times the square root of the number of products it is a sum of, ` +
  'as a share of the magnitudes it reads, and by one rounding of the type its weight is stored in; the training form it is held against runs in double precision';

/** How far outputs are off at most, and as a share of what is admitted; equivalent up to 1. NaN is infinitely far. */
export function blockDifference(
  { truth, room, map, storedUnit }: ExportedBlock,
  { data }: FloatTensor,
): { readonly maxAbs: number; readonly worstShare: number } {
  if (data.length !== truth.data.length) return { maxAbs: Infinity, worstShare: Infinity };
  const share = storedUnit + UNIT * (ROUNDINGS + PER_ROOT * Math.sqrt(elementCount(map.shape.slice(1))));
  let [maxAbs, worstShare] = [0, 0];
  for (let i = 0; i < data.length; i++) {
    const difference = Math.abs(truth.data[i] - data[i]);
    const distance = Number.isNaN(difference) ? Infinity : difference;
    const own = distance === 0 ? 0 : distance / (share * room.data[i]);
    [maxAbs, worstShare] = [Math.max(maxAbs, distance), Math.max(worstShare, own)];
  }
  return { maxAbs, worstShare };
}
