import { expect, test } from 'vitest';
import { NODE_BACKENDS, openForTest } from '../../tests/engine';
import type { OutputArray } from '../proof/compare-arrays';
import { mergeNetwork } from '../merge/merge-network';
import { seededInput, randomizeBatchNorm } from '../proof/seeded-inputs';
import { verifyNetworks, type ForwardPass, type InParts } from '../proof/verify';
import type { VerifyReport } from '../merge/report';
import { initialWeights } from '../model/initialise';
import type { NetworkSpec } from '../model/spec';
import { leavesOf } from '../model/walk';
import { buildModel } from '../model/zoo';
import { seed } from '../tensor/random';
import { joined, partsOf } from '../tensor/parts';
import { toFloatType } from '../tensor/convert';
import { floatTensor, type NamedTensors } from '../tensor/tensor';
import { useBackend } from './backend/choose';
import { createPredictor } from './session/predictor';
import { runForward } from './forward-request';
import { activationBytes, inParts, samplesAtOnce } from './parts';

const spec = buildModel('repmlpnet-small');
const weights = randomizeBatchNorm(spec, initialWeights(spec, seed(1)), seed(2));
const merged = mergeNetwork(spec, weights);
const input = seededInput(spec, 7, seed(3));

function layersOf(network: NetworkSpec, output: OutputArray): Map<string, OutputArray> {
  return new Map(leavesOf(network).map(({ path }) => [path, output]));
}

const pass: ForwardPass = (network, part) => runForward({ ...network, input: part, layers: true });
const circumstances = { backend: 'wasm', inputs: { source: 'seeded', shape: input.shape, seed: 3 } };

function proofOf(mergedWeights: NamedTensors, parts: InParts): Promise<VerifyReport> {
  useBackend('wasm');
  return verifyNetworks({ spec, weights }, { spec: merged.spec, weights: mergedWeights }, input, pass, circumstances, parts);
}

test('parts joined are the whole, in order, the last one smaller', () => {
  const parts = partsOf(input, 3);
  expect(parts.map(({ shape }) => shape)).toEqual([
    [3, 3, 32, 32],
    [3, 3, 32, 32],
    [1, 3, 32, 32],
  ]);
  expect(joined(parts)).toEqual(input);
});

test.each(NODE_BACKENDS)('on %s an input run in parts has bit for bit the outputs of every layer that it has in one', async (backend) => {
  await openForTest(backend);
  const asked = { spec, weights, input, layers: true };
  const whole = await runForward(asked);
  const inThree = await runForward(asked, {}, 3);
  expect(inThree.output).toEqual(whole.output);
  expect([...inThree.layers]).toEqual([...whole.layers]);
});

test('a proof in parts is the proof in one: a right merge, a wrong one, and one stored in half precision', async () => {
  await openForTest('wasm');
  const [first] = [...merged.weights.keys()].filter((name) => name.endsWith('fc3.bias'));
  const damaged = new Map(merged.weights).set(
    first,
    floatTensor([...(merged.weights.get(first)?.shape ?? [])], new Float32Array(128).fill(1)),
  );
  const half: NamedTensors = new Map(
    [...merged.weights].map(([name, tensor]) => [name, tensor.dtype === 'float32' ? toFloatType(tensor, 'float16') : tensor]),
  );
  for (const [stored, equivalent] of [
    [merged.weights, true],
    [damaged, false],
    [half, true],
  ] as const) {
    const whole = await proofOf(stored, {});
    expect(whole.equivalent).toBe(equivalent);
    expect(await proofOf(stored, { atOnce: 3 })).toEqual(whole);
  }
});

test('a proof in parts finds what only the last sample shows, at that sample, and counts its arg max', async () => {
  const outputs =
    (sign: number): ForwardPass =>
    (network, part) => {
      const samples = part.shape[0];
      const last = samples < 3;
      const values = Float32Array.from({ length: samples * 2 }, (_, i) => (last && sign < 0 ? 1 - (i % 2) : i % 2));
      const layer = { shape: [samples, 2], data: values };
      return { output: layer, layers: layersOf(network.spec, layer) };
    };
  const both: ForwardPass = (network, part) => outputs(network.spec.form === 'train' ? 1 : -1)(network, part);
  const report = await verifyNetworks({ spec, weights }, merged, input, both, circumstances, { atOnce: 3 });
  expect(report.equivalent).toBe(false);
  expect(report.layers[0].worst.index).toEqual([6, 0]);
  expect(report.argMaxAgreement).toBe(6 / 7);
});

test('a predictor gives many pictures the answers each has alone', async () => {
  await openForTest('wasm');
  const predictor = createPredictor(spec, weights, 'wasm');
  const alone = await predictor.predict(input.data.subarray(6 * 3072), [1, 3, 32, 32]);
  const all = await predictor.predict(input.data, [7, 3, 32, 32]);
  predictor.dispose();
  expect(all.subarray(all.length - alone.length)).toEqual(alone);
});

test('progress tells the samples done, and an aborted run stops before its next part', async () => {
  const stop = new AbortController();
  const heard: string[] = [];
  const watch = {
    signal: stop.signal,
    onProgress: (done: number, total: number) => {
      heard.push(`${done}/${total}`);
      if (done === 6) stop.abort(new Error('left'));
    },
  };
  await expect(inParts(input, 3, () => Promise.resolve(), watch)).rejects.toThrow('left');
  expect(heard).toEqual(['3/7', '6/7']);
});

test('of RepMLPNet-T224, with every layer kept, 100 pictures are no part: the part holds what half a gigabyte of activations holds', () => {
  const t224 = buildModel('repmlpnet-t224');
  const atOnce = samplesAtOnce(t224, [100, 3, 224, 224], true);
  expect(atOnce).toBeGreaterThan(1);
  expect(atOnce * activationBytes(t224, true)).toBeLessThanOrEqual(2 ** 29);
  expect(samplesAtOnce(t224, [100, 3, 224, 224], false)).toBeGreaterThan(atOnce);
});

test('an input that is no batch of images of the network is refused by name', () => {
  expect(() => samplesAtOnce(spec, [7, 1, 32, 32], false)).toThrow(
    'repmlpnet-small takes an input of shape (N, 3, 32, 32), got [7, 1, 32, 32]',
  );
});

test('a network without layers takes a whole number of samples at once, and a batch without samples is refused', () => {
  const empty = { ...spec, layers: [] };
  expect(Number.isInteger(samplesAtOnce(empty, input.shape, false))).toBe(true);
  expect(() => samplesAtOnce(spec, [0, ...input.shape.slice(1)], false)).toThrow('at least one sample');
});
