// A graph of ONNX operations as it is put together: nodes in the order they run, weights by their names in the state dict,
// and which edge is a layer's output. Invariant: every edge has one name and one origin.
import type { OnnxAttribute, OnnxNode, OnnxTensor } from '../../checkpoint/onnx/messages';
import { bytesOfTensor } from '../../checkpoint/tensor-bytes';
import { toFloat32 } from '../../tensor/convert';
import type { NamedTensors } from '../../tensor/tensor';
import { UserError } from '../../base/user-error';

/** Name of a value that one operation makes and others take. */
export type Edge = string;

/** An attribute: whole numbers as a list or alone, a text, `{ float }`, or a tensor. */
export type AttributeValue = number | readonly number[] | string | { readonly float: number } | OnnxTensor;

/** AttributeProto.type. */
const [FLOAT, INT, STRING, TENSOR, INTS] = [1, 2, 3, 4, 7];
/** TensorProto.data_type. */
const [FLOAT_TENSOR, INT64_TENSOR] = [1, 7];

export class GraphBuilder {
  readonly nodes: OnnxNode[] = [];
  /** Leaf path -> its output. */
  readonly layers = new Map<string, Edge>();
  readonly #weights: NamedTensors;
  readonly #initializers = new Map<string, OnnxTensor>();
  readonly #taken = new Set<string>();

  /** `title` names what has no name of its own. */
  constructor(
    private readonly title: string,
    weights: NamedTensors,
  ) {
    this.#weights = weights;
    for (const name of weights.keys()) this.#taken.add(name);
  }

  get initializers(): OnnxTensor[] {
    return [...this.#initializers.values()];
  }

  /** A name that nothing has yet, as near as can be to the one wanted. */
  fresh(wanted: string): Edge {
    const base = wanted === '' ? this.title : wanted;
    let name = base;
    for (let n = 2; this.#taken.has(name); n++) name = `${base}_${n}`;
    this.#taken.add(name);
    return name;
  }

  /** Adds an operation called `name`; its output. */
  add(opType: string, name: string, inputs: readonly Edge[], attributes: Readonly<Record<string, AttributeValue>> = {}): Edge {
    const output = this.fresh(name);
    const attribute = Object.entries(attributes).map(([key, value]) => attributeOf(key, value));
    this.nodes.push({ name: output, opType, input: inputs, output: [output], attribute, domain: '' });
    return output;
  }

  /** A weight of the network, in float32. Throws UserError where it is missing. */
  weight(name: string): Edge {
    if (!this.#initializers.has(name)) {
      const tensor = this.#weights.get(name);
      if (tensor === undefined) throw new UserError(`the weights have no ${name}, which the network needs`);
      const single = toFloat32(tensor);
      this.#initializers.set(name, { ...EMPTY, name, dims: single.shape, dataType: FLOAT_TENSOR, rawData: bytesOfTensor(single) });
    }
    return name;
  }

  /** Numbers that the graph itself needs, float32. They are operations, so that the stored tensors are the weights alone. */
  constant(name: string, shape: readonly number[], values: Float32Array): Edge {
    const rawData = bytesOfTensor({ dtype: 'float32', shape, data: values });
    return this.add('Constant', name, [], { value: { ...EMPTY, name: '', dims: shape, dataType: FLOAT_TENSOR, rawData } });
  }

  /** Whole numbers, one after the other: shapes. */
  whole(name: string, values: readonly number[]): Edge {
    const [dims, data] = [[values.length], BigInt64Array.from(values, BigInt)];
    const rawData = bytesOfTensor({ dtype: 'int64', shape: dims, data });
    return this.add('Constant', name, [], { value: { ...EMPTY, name: '', dims, dataType: INT64_TENSOR, rawData } });
  }

  /** x in another shape; -1 once for what is left. */
  reshape(name: string, x: Edge, shape: readonly number[]): Edge {
    return this.add('Reshape', name, [x, this.whole(`${name}.shape`, shape)]);
  }

  transpose(name: string, x: Edge, perm: readonly number[]): Edge {
    return this.add('Transpose', name, [x], { perm });
  }
}

const EMPTY = { floatData: [], int32Data: [], int64Data: [], doubleData: [], dataLocation: 0 };

function attributeOf(name: string, value: AttributeValue): OnnxAttribute {
  const none = { name, floats: [], ints: [] };
  if (typeof value === 'number') return { ...none, i: value, type: INT };
  if (typeof value === 'string') return { ...none, s: new TextEncoder().encode(value), type: STRING };
  if ('rawData' in value) return { ...none, t: value, type: TENSOR };
  if ('float' in value) return { ...none, f: value.float, type: FLOAT };
  return { ...none, ints: value as readonly number[], type: INTS };
}
