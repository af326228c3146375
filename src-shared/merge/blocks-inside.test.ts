import { expect, test } from 'vitest';
import { float32Of, group, readReferenceTensors, referenceCases } from '../../tests/reference';
import { understand } from '../model/recognise/understand';
import { tensorInfos, type NamedTensors, type Tensor } from '../tensor/tensor';
import { mergeCheckpoint, readCheckpoint } from './merge-checkpoint';
import { runSteps } from './merge-network';

const { file } = referenceCases.find(({ id }) => id === 'v1_k13_g2_gp2x2') ?? referenceCases[0];
const tensors = readReferenceTensors(file);
const encoder: Tensor = { shape: [2, 3], dtype: 'float32', data: new Float32Array([1, 2, 3, 4, 5, 6]) };

/** A network nobody here knows, with an official block in its middle. */
function foreignNetwork(): Map<string, Tensor> {
  const block = [...group(tensors, 'train')].map(([name, tensor]) => [`trunk.3.mixer.${name}`, tensor] as const);
  return new Map([['encoder.weight', encoder], ...block, ['decoder.weight', encoder]]);
}

/** What is written of it after the merge. */
function mergedFile(weights: NamedTensors): NamedTensors {
  const understood = understand({ fileName: 'net.pth', tensors: tensorInfos(weights), moduleSettings: new Map() });
  expect(understood.spec).toBeNull();
  return runSteps(mergeCheckpoint(readCheckpoint(understood, weights), {}), {}).stored;
}

test('a block inside a foreign network is merged where it stands, to the official weights', () => {
  const weights = foreignNetwork();
  const merged = mergedFile(weights);
  const official = group(tensors, 'deploy');
  expect([...merged.keys()][0]).toBe('encoder.weight');
  expect([...merged.keys()].at(-1)).toBe('decoder.weight');
  expect(new Set(merged.keys())).toEqual(
    new Set(['encoder.weight', 'decoder.weight', ...[...official.keys()].map((name) => `trunk.3.mixer.${name}`)]),
  );
  for (const name of official.keys()) {
    const difference = float32Of(merged, `trunk.3.mixer.${name}`).data.map((value, i) =>
      Math.abs(value - float32Of(official, name).data[i]),
    );
    // Each side rounds to float32 once or twice from values up to 4.
    expect(Math.max(...difference), name).toBeLessThan(2e-6);
  }
});

test('everything that belongs to no block stays the same object', () => {
  const weights = foreignNetwork();
  const merged = mergedFile(weights);
  expect(merged.get('encoder.weight')).toBe(encoder);
  expect(weights.size).toBe(foreignNetwork().size);
});
