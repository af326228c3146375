// Gradients of a scalar with respect to variables: tfjs records the forward pass, the way back over its tape
// is our own. tfjs keeps every gradient and everything saved until the end; here they are freed as soon as
// nothing needs them, so that a step takes less memory and finds it in the cache.
import * as tf from '@tensorflow/tfjs-core';

/** A recorded operation of tfjs (4.22.0, src/tape.ts). */
interface TapeNode {
  readonly kernelName: string;
  readonly inputs: tf.NamedTensorMap;
  readonly outputs: readonly tf.Tensor[];
  readonly saved: readonly tf.Tensor[];
  readonly gradient?: (dys: readonly (tf.Tensor | null)[]) => Record<string, () => tf.Tensor>;
}

/** What tfjs's typings leave out of its engine. */
interface Recorder {
  readonly state: { activeTape: TapeNode[] | null };
  startTape(): void;
  endTape(): void;
}

/** By the id of the tensor they belong to. */
type GradientsById = Map<number, tf.Tensor>;

/** Value of `f` and its gradient by each variable that it depends on, by the variable's name; the caller owns them. Not within another gradient. */
export function variableGradients(
  f: () => tf.Scalar,
  variables: readonly tf.Variable[],
): { readonly value: tf.Scalar; readonly gradients: Record<string, tf.Tensor> } {
  const recorder = recorderOf(tf.engine());
  let value: tf.Scalar | null = null;
  try {
    value = recorded(recorder, f);
    const loss = value;
    const tape = recorder.state.activeTape ?? [];
    const gradients = tf.tidy(() => {
      const byId = wayBack(tape, loss, new Set(variables.map(({ id }) => id)));
      return Object.fromEntries(variables.flatMap(({ id, name }) => (byId.has(id) ? [[name, byId.get(id) as tf.Tensor]] : [])));
    });
    return { value, gradients };
  } catch (error) {
    value?.dispose();
    throw error;
  } finally {
    for (const { saved } of recorder.state.activeTape ?? []) tf.dispose([...saved]);
    recorder.state.activeTape = null;
  }
}

function recorderOf(engine: object): Recorder {
  const isRecorder = (known: object): known is Recorder => ['state', 'startTape', 'endTape'].every((member) => member in known);
  if (!isRecorder(engine)) throw new Error("tfjs's engine has no tape as that of 4.22.0 has: gradients cannot be computed");
  return engine;
}

function recorded(recorder: Recorder, f: () => tf.Scalar): tf.Scalar {
  recorder.startTape();
  try {
    return tf.tidy(f);
  } finally {
    recorder.endTape();
  }
}

/** Gradients of `value` by the tensors whose ids are `wanted`. */
function wayBack(tape: readonly TapeNode[], value: tf.Scalar, wanted: ReadonlySet<number>): GradientsById {
  const dependent = dependentOn(tape, wanted);
  const gradients: GradientsById = new Map([[value.id, tf.onesLike(value)]]);
  for (let i = tape.length - 1; i >= 0; i--) {
    const node = tape[i];
    const dys = node.outputs.map(({ id }) => gradients.get(id) ?? null);
    if (dys.some((dy) => dy !== null)) addInputGradients(node, dys, dependent, gradients);
    for (const { id } of node.outputs) if (!wanted.has(id)) gradients.get(id)?.dispose();
    for (const tensor of node.saved) tensor.dispose();
  }
  return gradients;
}

/** Ids of the tensors that depend on the wanted ones, those included. */
function dependentOn(tape: readonly TapeNode[], wanted: ReadonlySet<number>): ReadonlySet<number> {
  const dependent = new Set(wanted);
  for (const { inputs, outputs } of tape) {
    if (Object.values(inputs).some(({ id }) => dependent.has(id))) for (const { id } of outputs) dependent.add(id);
  }
  return dependent;
}

/** Adds what a node's inputs contribute, given the gradients of its outputs. */
function addInputGradients(
  node: TapeNode,
  dys: readonly (tf.Tensor | null)[],
  dependent: ReadonlySet<number>,
  gradients: GradientsById,
): void {
  const needed = Object.entries(node.inputs).filter(([, { id }]) => dependent.has(id));
  if (needed.length === 0) return;
  if (!node.gradient) throw new Error(`the operation ${node.kernelName} has no gradient`);
  const functions = node.gradient(dys);
  const taken = new Set(dys);
  for (const [name, { id }] of needed) {
    const found = tf.tidy(functions[name]);
    // A gradient function may hand on what it was given, which is freed below, or one tensor twice.
    const dx = taken.has(found) ? tf.clone(found) : found;
    taken.add(dx);
    const before = gradients.get(id);
    gradients.set(id, before ? tf.add(before, dx) : dx);
    if (before) tf.dispose([before, dx]);
  }
}
