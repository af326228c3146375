// A network as an ONNX file that carries its proof: the bytes to be written are read back, run by ONNX Runtime, and every
// layer is held against the forward pass here. Invariant: what was judged is what is written; the verdict only follows it.
import { decodeModel, encodeMetadata, encodeModel, type OnnxModel } from '@shared/checkpoint/onnx/messages';
import type { Engine } from '@shared/compute/engine';
import { VERDICT_METADATA } from '@shared/merge/onnx-answer';
import { mergeNetworkAsync, type MergeOptions, type WeightedNetwork } from '@shared/merge/merge-network';
import type { ExportVerdict, VerifyReport } from '@shared/merge/report';
import { networkGraph, type NetworkGraph } from '@shared/model/onnx/network';
import type { Form } from '@shared/model/spec';
import { seededInput } from '@shared/proof/seeded-inputs';
import { compareForms } from '@shared/proof/verify';
import { seed as seedOf, type Seed } from '@shared/tensor/random';
import type { FloatTensor } from '@shared/tensor/tensor';
import { UserError } from '@shared/base/user-error';
import { SPEC_METADATA } from '../../files/checkpoint-network';
import { STUDIO_VERSION } from '../../files/version';
import { runOnnx } from './onnx-runtime';

/** Two samples: one alone would not show a batch axis that is not free. */
const SAMPLES = 2;

/** Where exported weights come from. */
export interface ExportSource {
  readonly fileName: string;
  /** Of the file's bytes; null for weights that are in no file of their own. */
  readonly sha256: string | null;
}

export interface ExportChoice {
  readonly form: Form;
  readonly source: ExportSource;
  readonly seed?: Seed;
  readonly onProgress?: MergeOptions['onProgress'];
}

export interface Exported {
  readonly verdict: ExportVerdict;
  /** The file: the model, then the verdict as further metadata. */
  readonly parts: readonly Uint8Array[];
}

/** Throws UserError where a merged network is asked for in train form, or ONNX Runtime refuses the model. */
export async function exportNetwork(network: WeightedNetwork, engine: Engine, choice: ExportChoice): Promise<Exported> {
  const { form, source, seed = seedOf(0), onProgress } = choice;
  const { spec } = network;
  if (spec.form === 'merged' && form === 'train')
    throw new UserError(`${source.fileName} is merged already: its train form is not in it; export the file it was merged from`);
  const made = spec.form === form ? network : await mergeNetworkAsync(spec, network.weights, { onProgress });
  const input = seededInput(spec, SAMPLES, seed);
  const asked = { input, inputSource: 'standard normal', inputSeed: seed, backend: 'auto' } as const;
  const merge = made === network ? null : await engine.verify({ train: network, merged: made, ...asked });
  const graph = networkGraph(made.spec, made.weights, {
    [SPEC_METADATA]: JSON.stringify(made.spec),
    'repmlp.source': JSON.stringify(source),
    'repmlp.studio': STUDIO_VERSION,
  });
  const bytes = encodeModel(graph.model);
  const onnx = await judged(made, graph, bytes, engine, { input, seed });
  const verdict = { equivalent: onnx.equivalent && merge?.equivalent !== false, form, merge, onnx };
  return { verdict, parts: [bytes, encodeMetadata({ [VERDICT_METADATA]: JSON.stringify(briefly(verdict)) })] };
}

/** The model in `bytes`, every layer's output, against the forward pass here. */
async function judged(
  { spec, weights }: WeightedNetwork,
  graph: NetworkGraph,
  bytes: Uint8Array,
  engine: Engine,
  { input, seed }: { readonly input: FloatTensor; readonly seed: Seed },
): Promise<VerifyReport> {
  const read = decodeModel(bytes);
  const theirs = await runOnnx(encodeModel(withOutputs(read, [...graph.layers.values()])), graph.input, input);
  const ours = await engine.forward({ spec, weights, input, backend: 'auto', layers: true });
  const outputOf = (edge: string): FloatTensor => {
    const output = theirs.get(edge);
    if (output === undefined) throw new UserError(`ONNX Runtime gave no output ${edge}`);
    return output;
  };
  const layers = new Map([...graph.layers].map(([path, edge]) => [path, outputOf(edge)]));
  return compareForms(
    { spec, weights, ...ours },
    { spec, weights, output: outputOf(graph.output), layers },
    { backend: `${ours.backend} here, ONNX Runtime there`, inputs: { source: 'standard normal', shape: input.shape, seed } },
  );
}

/** The same model that also gives these edges. */
function withOutputs(model: OnnxModel, edges: readonly string[]): OnnxModel {
  const known = new Set(model.graph.output.map(({ name }) => name));
  const more = [...new Set(edges)].filter((edge) => !known.has(edge)).map((name) => ({ name }));
  return { ...model, graph: { ...model.graph, output: [...model.graph.output, ...more] } };
}

/** The verdict without its layers, for the file's metadata. */
function briefly({ merge, onnx, ...verdict }: ExportVerdict): unknown {
  const brief = ({ layers, inputs, ...report }: VerifyReport): unknown => ({ ...report, layers: layers.length, inputs });
  return { ...verdict, merge: merge && brief(merge), onnx: brief(onnx) };
}
