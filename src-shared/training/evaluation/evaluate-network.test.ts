import { describe, expect, it } from 'vitest';
import type { DatasetSplits } from '../../dataset/dataset';
import { openEmbedded } from '../../dataset/embedded/embedded';
import type { Evaluated } from './evaluated';
import type { NetworkSpec, Task } from '../../model/spec';
import { type NamedTensors, floatTensor } from '../../tensor/tensor';
import { seed } from '../../tensor/random';
import { embeddingNetwork } from './evaluate-faces';
import { evaluateNetwork, type EvaluateNetworkOptions } from './evaluate-network';
import { checkFit } from '../recipe/fit';

const FACES = openEmbedded({ kind: 'embedded', name: 'faces', seed: seed(1), validationCount: 64 });

/** Mean colour, an embedding of it, cosines to the identities. */
function faceNetwork(identities: number): { spec: NetworkSpec; weights: NamedTensors } {
  const spec: NetworkSpec = {
    format: 'repmlp-network',
    version: 1,
    name: 'face',
    task: 'face',
    form: 'train',
    input: { channels: 3, height: 48, width: 48 },
    layers: [
      { kind: 'adaptiveAveragePool', name: 'pool', bins: [1, 1] },
      { kind: 'flatten', name: 'flatten' },
      { kind: 'linear', name: 'embedding', in: 3, out: 4, bias: false },
      { kind: 'cosineLinear', name: 'identities', in: 4, out: identities },
    ],
  };
  const weights = new Map([
    ['embedding.weight', floatTensor([4, 3], new Float32Array(12))],
    ['identities.weight', floatTensor([identities, 4], new Float32Array(4 * identities))],
  ]);
  return { spec, weights };
}

/** Predicts by one pixel of each channel; as many values as the network has outputs. `colour-blind` does not see the first. */
const openPredictor = (
  spec: NetworkSpec,
): { predict: (images: Float32Array, shape: readonly number[]) => Promise<Float32Array>; dispose: () => void } => {
  const last = spec.layers.at(-1);
  const outputs = last?.kind === 'cosineLinear' || last?.kind === 'linear' ? last.out : 0;
  return {
    predict: (images, [count]) => {
      const length = images.length / count;
      const value = (n: number, k: number): number => {
        const seen = images[n * length + (k % 3) * (length / 3) + length / 6];
        return spec.name === 'colour-blind' && k === 0 ? 0 : seen;
      };
      return Promise.resolve(Float32Array.from({ length: count * outputs }, (_, i) => value(Math.floor(i / outputs), i % outputs)));
    },
    dispose: () => undefined,
  };
};

type Progress = { readonly done: number; readonly total: number };

async function judged(
  forms: EvaluateNetworkOptions['forms'],
  splits: DatasetSplits = FACES,
  onProgress: (event: Progress) => void = () => undefined,
): Promise<Omit<Evaluated, 'backend'>> {
  const tolerance = { value: 1e-6, reason: 'the fake predictor adds nothing up' };
  const steps = evaluateNetwork({ forms, splits, view: 'whole', batchSize: 100, tolerance, openPredictor });
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value;
    onProgress(step.value);
  }
}

describe('faces', () => {
  it('are judged on the embedding, which is the network without its cosine classifier', () => {
    const { spec, weights } = faceNetwork(64);
    const embedding = embeddingNetwork(spec, weights);
    expect(embedding.spec.layers.map(({ name }) => name)).toEqual(['pool', 'flatten', 'embedding']);
    expect([...embedding.weights.keys()]).toEqual(['embedding.weight']);
  });

  it('get verification and identification, and identities only where they are the same people', async () => {
    for (const [identities, samples] of [
      [64, 64],
      [10, 0],
    ] as const) {
      const { report } = await judged([faceNetwork(identities)]);
      expect(report.samples).toBe(samples);
      expect(report.faces?.verification?.similarities).toHaveLength(2000);
      expect(report).toMatchObject({ metricName: 'verification accuracy', metric: report.faces?.verification?.accuracy });
      // One pixel's colour tells a little about who it is: above chance.
      expect(report.metric).toBeGreaterThan(0.5);
      expect(report.faces?.identification).toMatchObject({ probes: 60, distractors: 200 });
      expect(report.faces?.identification?.similarities).toHaveLength(60);
    }
  });

  it('are judged by rank-1 where there are no pairs', async () => {
    const { report } = await judged([faceNetwork(10)], { ...FACES, verification: undefined });
    expect(report).toMatchObject({ metricName: 'rank-1 identification', metric: report.faces?.identification?.rankOne });
  });
});

describe('both forms', () => {
  it('are run on the same pictures and compared by the similarity of every pair', async () => {
    const network = faceNetwork(64);
    const done: number[] = [];
    const { both } = await judged([network, network], FACES, (event) => done.push(event.done / event.total));
    expect(both?.agreement).toMatchObject({ of: 'pairs', compared: 2000, same: 2000, maxDifference: 0, agrees: true });
    expect(done.at(-1)).toBe(1);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
  });

  it('disagree where the second one sees other things', async () => {
    const network = faceNetwork(64);
    const blind = { ...network, spec: { ...network.spec, name: 'colour-blind' } };
    const { both } = await judged([network, blind]);
    expect(both?.agreement.agrees).toBe(false);
    expect(both?.agreement.different).toBeGreaterThan(0);
  });
});

describe('a network and a data set that do not belong together', () => {
  it.each([
    ['face', 10, 'tells 10 identities apart, faces/train has 64: set identities=64'],
    ['segmentation', 64, 'is for labelling scenes, faces/train for recognising faces'],
  ] as const)('are told apart in one sentence (%s, %i)', (task: Task, identities, message) => {
    expect(() => checkFit({ ...faceNetwork(identities).spec, task }, FACES.train)).toThrow(message);
  });
});
