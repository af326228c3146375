import { describe, expect, test } from 'vitest';
import { referencePass } from '../../testing/reference64/reference-pass';
import { mergeNetwork } from '../merge/merge-network';
import { initialWeights } from '../model/initialise';
import { buildModel } from '../model/zoo';
import { understand } from '../model/recognise/understand';
import { seed } from '../tensor/random';
import { toFloatType } from '../tensor/convert';
import { floatTensor, tensorInfos, type NamedTensors } from '../tensor/tensor';
import { readCheckpoint } from '../merge/merge-checkpoint';
import { randomizeBatchNorm, seededInput } from './seeded-inputs';
import { verifyNetworks } from './verify';
import { verifyKnown } from './verify-checkpoint';

const spec = buildModel('pure-mlp-small', { width: '4', hidden: '8', kernels: '3' });
const FC1 = 'stage1.mix1.fc1_fc2.fc1';

/** The weights with some values of a tensor set. */
function changed(weights: NamedTensors, name: string, change: (value: number, index: number) => number): NamedTensors {
  const tensor = weights.get(name);
  if (!(tensor?.data instanceof Float32Array)) throw new Error(`${name} is missing`);
  return new Map(weights).set(name, floatTensor(tensor.shape, Float32Array.from(tensor.data, change)));
}

/** Weights in which one unit of a Global Perceptron opens for no input near zero, and the first channel behind the stem for none at all. */
function withDeadUnits(): NamedTensors {
  const live = randomizeBatchNorm(spec, initialWeights(spec, seed(1)), seed(2));
  const unit = changed(live, `${FC1}.bias`, (value, index) => (index === 3 ? -100 : value));
  return changed(unit, 'stem.bn.bias', (value, index) => (index === 0 ? -100 : value));
}

async function verdict(train: NamedTensors, merged: NamedTensors) {
  const read = (weights: NamedTensors) =>
    readCheckpoint(understand({ fileName: 'net.pth', tensors: tensorInfos(weights), moduleSettings: new Map() }), weights);
  const report = await verifyKnown(read(train), read(merged), async (forms) => {
    const input = seededInput(forms.train.spec, 1, seed(1));
    return verifyNetworks(forms.train, forms.merged, input, referencePass, {
      backend: 'reference',
      inputs: { source: '', shape: null, seed: 1 },
    });
  });
  return report.equivalent ? 'equivalent' : report.firstDivergentLayer;
}

describe('a merged tensor that no input reaches', () => {
  const train = withDeadUnits();
  const { weights: merged } = mergeNetwork(spec, train);

  test('is found equivalent where it is right', async () => {
    expect(await verdict(train, merged)).toBe('equivalent');
  });

  test.each([
    ['a unit that stays behind its ReLU', `${FC1}.weight`, (row: number, columns: number, at: number) => Math.floor(at / columns) === row],
    ['a convolution whose output its ReLU cuts off', 'stem.conv.weight', (_row: number, columns: number, at: number) => at < columns],
  ] as const)('is told from a wrong one in %s', async (_, name, isDead) => {
    const columns = (merged.get(name)?.data.length ?? 0) / (merged.get(name)?.shape[0] ?? 1);
    const wrong = changed(merged, name, (value, at) => (isDead(3, columns, at) ? -value : value));
    expect(await verdict(train, wrong)).toBe(name);
  });

  test('may be rounded to half precision', async () => {
    const halved = new Map([...merged].map(([name, tensor]) => [name, toFloatType(tensor, 'bfloat16')]));
    expect(await verdict(train, halved)).toBe('equivalent');
  });
});
