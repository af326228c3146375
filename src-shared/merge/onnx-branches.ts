// Whether the branches of an ONNX graph were merged: the commonest fault of exported networks is that they were not. A sum is a
// branch left over where two or more of its summands come from one and the same tensor by linear operations alone and at least one
// of those has weights: convolutions beside each other, beside an FC, beside the identity. A batch norm is left over where it
// follows a convolution or FC, or the input of one, through linear operations. Invariant: nothing is said to be merged of which an
// operation is not known.
import type { OnnxModel, OnnxNode } from '../checkpoint/onnx/messages';
import { NORM, OF_SHAPES, PASSING, SUMS, unknownOperation, WEIGHTED } from './onnx-operations';

/** A sum whose summands could be one layer. */
export interface LeftSum {
  /** Name of the node, or of its output where it has none. */
  readonly at: string;
  /** The tensor that all summands come from. */
  readonly from: string;
  /** The layers with weights on the way, and `identity` for a summand without any. */
  readonly branches: readonly string[];
}

interface FoundSum extends LeftSum {
  /** It is all of the node: nothing else is added there. */
  readonly isWhole: boolean;
  readonly hasWeights: boolean;
}

/** One linear operation back: where its input comes from, and the layers it stands for. */
interface Step {
  readonly from: string;
  readonly layers: readonly string[];
}

export interface MergedAnswer {
  /** Whether no branch is left; null where the graph has no layer with weights, or operations that are not known and no branch besides. */
  readonly merged: boolean | null;
  readonly sums: readonly LeftSum[];
  /** Batch norms that could be folded as well: one function, more operations. */
  readonly batchNorms: readonly string[];
  /** Operations past which nothing can be told, each once. */
  readonly unknown: readonly string[];
}

/** Answers whether a model is merged, and where it is not. */
export function mergedAnswer({ graph }: OnnxModel): MergedAnswer {
  const known = new Graph(graph);
  const sums = graph.node
    .filter((node) => !known.isPartOfSum(node))
    .flatMap((node) => known.sumsIn(node).filter(({ hasWeights }) => hasWeights));
  const batchNorms = graph.node.filter((node) => known.isFoldable(node)).map(nameOf);
  const weighted = graph.node.some((node) => known.isWeighted(node));
  const unknown = [...new Set(graph.node.flatMap((node) => known.unknownIn(node) ?? []))];
  return {
    merged: sums.length > 0 ? false : weighted && unknown.length === 0 ? true : null,
    sums: sums.map(({ at, from, branches }) => ({ at, from, branches })),
    batchNorms,
    unknown,
  };
}

function nameOf({ name, output }: OnnxNode): string {
  return name || (output[0] ?? '');
}

/** A way back from a summand: the layers with weights on it, from each tensor that it passes, the nearest first. */
type Way = ReadonlyMap<string, readonly string[]>;

class Graph {
  readonly #maker = new Map<string, OnnxNode>();
  readonly #takers = new Map<string, OnnxNode[]>();
  readonly #constants: Set<string>;
  readonly #outputs: ReadonlySet<string>;
  /** What was found of each node. One under way leads nowhere: the graph of a damaged file may be a circle. */
  readonly #sums = new Map<OnnxNode, readonly FoundSum[]>();
  readonly #steps = new Map<OnnxNode, Step | null>();

  constructor({ node: nodes, initializer, output }: OnnxModel['graph']) {
    this.#constants = new Set(initializer.map(({ name }) => name));
    this.#outputs = new Set(output.map(({ name }) => name));
    for (const node of nodes) {
      for (const made of node.output) this.#maker.set(made, node);
      for (const taken of node.input) this.#takers.set(taken, [...(this.#takers.get(taken) ?? []), node]);
      // What is made of constants alone is one: reshaped weights, constants as nodes; and so is what follows from shapes.
      if (OF_SHAPES.has(node.opType) || node.input.every((input) => input === '' || this.#constants.has(input)))
        node.output.forEach((made) => this.#constants.add(made));
    }
  }

  /** Whether it is a layer: a linear operation with stored weights. */
  isWeighted(node: OnnxNode): boolean {
    return isPlain(node) && WEIGHTED.has(node.opType) && this.#data(node).length === 1 && node.input.length > 1;
  }

  /** An operation past which nothing can be told; null where all is known of it. */
  unknownIn(node: OnnxNode): string | null {
    if (node.output.every((made) => this.#constants.has(made))) return null;
    // A computed bias makes a sum of what is no sum by name.
    const bias = node.input[2] ?? '';
    const hidesSum = (node.opType === 'Gemm' || node.opType === 'Conv') && bias !== '' && !this.#constants.has(bias);
    return hidesSum ? `${node.opType} with a computed bias` : unknownOperation(node);
  }

  /** Whether a batch norm's scale and shift could go into the layer before it or after it. */
  isFoldable(node: OnnxNode): boolean {
    return node.opType === NORM && [...this.#wayBack(node.input[0] ?? '').values()].some((layers) => layers.length > 0);
  }

  /** Whether it is a sum whose only use is another sum, which counts its summands as its own. */
  isPartOfSum(node: OnnxNode): boolean {
    const [made] = node.output;
    const takers = this.#takers.get(made) ?? [];
    return this.#isSum(node) && takers.length === 1 && this.#isSum(takers[0]) && !this.#outputs.has(made);
  }

  /** Summands that could be one, by the tensor that they come from. */
  sumsIn(node: OnnxNode): readonly FoundSum[] {
    const before = this.#sums.get(node);
    if (before !== undefined) return before;
    this.#sums.set(node, []);
    const found = this.#isSum(node) ? this.#groupedByOrigin(node) : [];
    this.#sums.set(node, found);
    return found;
  }

  #groupedByOrigin(node: OnnxNode): FoundSum[] {
    let ways = this.#summands(node).map((summand) => this.#wayBack(summand));
    const all = ways.length;
    const found: FoundSum[] = [];
    while (ways.length > 1) {
      const [first, ...others] = ways;
      const shared = [...first.keys()].map((from) => ({ from, count: others.filter((way) => way.has(from)).length }));
      // Of the tensors that most summands come from the nearest.
      const { from, count } = shared.reduce((best, one) => (one.count > best.count ? one : best));
      const own = count === 0 ? [first] : ways.filter((way) => way.has(from));
      ways = ways.filter((way) => !own.includes(way));
      const branches = own.map((way) => (way.get(from) ?? []).join(' then ') || IDENTITY);
      const hasWeights = branches.some((branch) => branch !== IDENTITY);
      if (count > 0) found.push({ at: nameOf(node), from, branches, hasWeights, isWhole: own.length === all });
    }
    return found;
  }

  /** What is added in all: sums of three and more are written as sums of sums. */
  #summands(node: OnnxNode, above: readonly OnnxNode[] = []): string[] {
    return this.#data(node).flatMap((name) => {
      const inner = this.#maker.get(name);
      const isPart = inner !== undefined && !above.includes(inner) && this.isPartOfSum(inner);
      return isPart ? this.#summands(inner, [...above, node]) : [name];
    });
  }

  #isSum(node: OnnxNode): boolean {
    return isPlain(node) && SUMS.has(node.opType) && this.#data(node).length > 1;
  }

  /** Inputs that are computed, not stored. */
  #data({ input }: OnnxNode): string[] {
    return input.filter((name) => name !== '' && !this.#constants.has(name));
  }

  /** The nearest tensors first: from each on, everything is linear. A sum of ways from one tensor is itself one. */
  #wayBack(tensor: string): Way {
    const way = new Map<string, readonly string[]>([[tensor, []]]);
    for (let at = tensor, layers: readonly string[] = []; ; ) {
      const node = this.#maker.get(at);
      const step = node === undefined ? null : this.#linearStep(node);
      if (step === null || way.has(step.from)) return way;
      layers = [...step.layers, ...layers];
      at = step.from;
      way.set(at, layers);
    }
  }

  #linearStep(node: OnnxNode): Step | null {
    const before = this.#steps.get(node);
    if (before !== undefined) return before;
    this.#steps.set(node, null);
    const step = isPlain(node) ? this.#stepOf(node) : null;
    this.#steps.set(node, step);
    return step;
  }

  #stepOf(node: OnnxNode): Step | null {
    const [sum] = this.sumsIn(node);
    if (sum?.isWhole) return { from: sum.from, layers: sum.hasWeights ? [sum.branches.join(' + ')] : [] };
    const data = this.#data(node);
    if (PASSING.has(node.opType)) return data.includes(node.input[0]) ? { from: node.input[0], layers: [] } : null;
    if (node.opType === 'Concat') return this.#joined(data);
    if (data.length !== 1) return null;
    if (this.isWeighted(node)) return { from: data[0], layers: [nameOf(node)] };
    const isScaled = SUMS.has(node.opType) || node.opType === 'Mul' || (node.opType === 'Div' && node.input[0] === data[0]);
    return isScaled ? { from: data[0], layers: [] } : null;
  }

  /** Channels beside one another that all come from one tensor. */
  #joined(data: readonly string[]): Step | null {
    if (data.length === 0) return null;
    const [first, ...others] = data.map((name) => this.#wayBack(name));
    const from = [...first.keys()].find((tensor) => others.every((way) => way.has(tensor)));
    return from === undefined ? null : { from, layers: [first, ...others].flatMap((way) => way.get(from) ?? []) };
  }
}

const IDENTITY = 'identity';

function isPlain({ domain }: OnnxNode): boolean {
  return domain === '' || domain === 'ai.onnx';
}
