// Whether the branches of an ONNX graph were merged: the commonest fault of exported networks is that they were not. A
// sum is a branch left over where every summand comes from one and the same tensor by linear operations alone and at least
// one of them has weights: convolutions beside each other, beside an FC, beside the identity. A batch norm is left over
// where it follows a convolution or FC, or the input of one, through linear operations. Invariant: nothing is said to be
// merged of which an operation is not known.
import type { OnnxModel, OnnxNode } from '../checkpoint/onnx/messages';

/** A sum whose summands could be one layer. */
export interface LeftSum {
  /** Name of the node, or of its output where it has none. */
  readonly at: string;
  /** The tensor that all summands come from. */
  readonly from: string;
  /** The layers with weights on the way, and `identity` for a summand without any. */
  readonly branches: readonly string[];
}

/** With the sums that are part of it. */
interface FoundSum extends LeftSum {
  readonly parts: readonly string[];
}

export interface MergedAnswer {
  /** Whether no branch is left; null where the graph has no layer with weights. */
  readonly merged: boolean | null;
  readonly sums: readonly LeftSum[];
  /** Batch norms that could be folded as well: one function, more operations. */
  readonly batchNorms: readonly string[];
}

const WEIGHTED = new Set(['Conv', 'Gemm', 'MatMul', 'ConvTranspose']);
/** Linear, and without weights of its own. */
const PASSING = new Set(['Identity', 'Reshape', 'Transpose', 'Flatten', 'Squeeze', 'Unsqueeze', 'Pad', 'AveragePool', 'Dropout', 'Cast']);
const NORM = 'BatchNormalization';
const SUMS = new Set(['Add', 'Sum', 'Sub']);

/** Answers whether a model is merged, and where it is not. */
export function mergedAnswer({ graph }: OnnxModel): MergedAnswer {
  const known = new Graph(graph.node, new Set(graph.initializer.map(({ name }) => name)));
  const found = graph.node.flatMap((node) => known.leftSum(node) ?? []);
  const parts = new Set(found.flatMap(({ parts }) => parts));
  const sums = found.filter(({ at }) => !parts.has(at)).map(({ at, from, branches }) => ({ at, from, branches }));
  const batchNorms = graph.node.filter((node) => known.isFoldable(node)).map(nameOf);
  const weighted = graph.node.some((node) => known.isWeighted(node));
  return { merged: weighted ? sums.length === 0 : null, sums, batchNorms };
}

function nameOf({ name, output }: OnnxNode): string {
  return name || (output[0] ?? '');
}

/** A way back from a summand: the layers with weights on it, from each tensor that it passes. */
type Way = ReadonlyMap<string, readonly string[]>;

class Graph {
  readonly #maker = new Map<string, OnnxNode>();
  readonly #constants: Set<string>;

  constructor(nodes: readonly OnnxNode[], weights: ReadonlySet<string>) {
    this.#constants = new Set(weights);
    for (const node of nodes) {
      for (const output of node.output) this.#maker.set(output, node);
      // What is made of constants alone is one: reshaped weights, constants as nodes.
      if (node.input.every((input) => input === '' || this.#constants.has(input)))
        node.output.forEach((output) => this.#constants.add(output));
    }
  }

  /** Whether it is a layer: a linear operation with stored weights. */
  isWeighted(node: OnnxNode): boolean {
    return WEIGHTED.has(node.opType) && this.#data(node).length === 1;
  }

  /** Whether a batch norm's scale and shift could go into the layer before it or after it. */
  isFoldable(node: OnnxNode): boolean {
    return node.opType === NORM && [...this.#wayBack(node.input[0] ?? '').values()].some((layers) => layers.length > 0);
  }

  /** The branches of a sum that could be one layer; null where it is none. */
  leftSum(node: OnnxNode): FoundSum | null {
    const summands = this.#data(node);
    if (!SUMS.has(node.opType) || summands.length < 2) return null;
    const ways = summands.map((summand) => this.#wayBack(summand));
    const from = [...ways[0].keys()].find((tensor) => ways.every((way) => way.has(tensor)));
    if (from === undefined) return null;
    const inner = summands.map((summand) => this.#sumMaking(summand, from));
    const branches = ways.flatMap((way, i) => inner[i]?.branches ?? [(way.get(from) ?? []).join(' then ') || 'identity']);
    const parts = inner.flatMap((sum) => (sum ? [sum.at, ...sum.parts] : []));
    return branches.every((branch) => branch === 'identity') ? null : { at: nameOf(node), from, branches, parts };
  }

  /** The sum of branches from `from` that makes a tensor: sums of three and more are sums of sums. */
  #sumMaking(tensor: string, from: string): FoundSum | null {
    const node = this.#maker.get(tensor);
    const sum = node === undefined ? null : this.leftSum(node);
    return sum?.from === from ? sum : null;
  }

  /** Inputs that are computed, not stored. */
  #data({ input }: OnnxNode): string[] {
    return input.filter((name) => name !== '' && !this.#constants.has(name));
  }

  /** The nearest tensors first: from each on, everything is linear. A sum of ways from one tensor is itself one. */
  #wayBack(tensor: string): Way {
    const way = new Map<string, readonly string[]>([[tensor, []]]);
    for (let at: string | null = tensor, layers: readonly string[] = []; at !== null; ) {
      const node = this.#maker.get(at);
      const step = node === undefined ? null : this.#linearStep(node);
      if (step === null) break;
      layers = [...step.layers, ...layers];
      at = step.from;
      way.set(at, layers);
    }
    return way;
  }

  /** Where a linear operation's input comes from, and the layers it stands for. */
  #linearStep(node: OnnxNode): { readonly from: string; readonly layers: readonly string[] } | null {
    const sum = SUMS.has(node.opType) ? this.leftSum(node) : null;
    if (sum) return { from: sum.from, layers: sum.branches };
    const [first] = node.input;
    if (PASSING.has(node.opType) || node.opType === NORM) return this.#constants.has(first) ? null : { from: first, layers: [] };
    const data = this.#data(node);
    if (data.length !== 1) return null;
    if (this.isWeighted(node)) return { from: data[0], layers: [nameOf(node)] };
    return SUMS.has(node.opType) || node.opType === 'Mul' ? { from: data[0], layers: [] } : null;
  }
}
