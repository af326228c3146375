import { expect, test } from 'vitest';
import { float32Of, group, readReferenceTensors, referenceCases } from '../../tests/reference';
import { recognise } from '../model/recognise/recognise';
import type { Tensor } from '../tensor/tensor';
import { mergeBlocksInPlace } from './blocks-inside';

const { file } = referenceCases.find(({ id }) => id === 'v1_k13_g2_gp2x2') ?? referenceCases[0];
const tensors = readReferenceTensors(file);
const encoder: Tensor = { shape: [2, 3], dtype: 'float32', data: new Float32Array([1, 2, 3, 4, 5, 6]) };

/** A network nobody here knows, with an official block in its middle. */
function foreignNetwork(): Map<string, Tensor> {
  const block = [...group(tensors, 'train')].map(([name, tensor]) => [`trunk.3.mixer.${name}`, tensor] as const);
  return new Map([['encoder.weight', encoder], ...block, ['decoder.weight', encoder]]);
}

test('a block inside a foreign network is merged where it stands, to the official weights', () => {
  const weights = foreignNetwork();
  const { recognised, blocks } = recognise([...weights].map(([name, { dtype, shape }]) => ({ name, dtype, shape })));
  expect(recognised).toBeNull();
  const merged = mergeBlocksInPlace(weights, blocks);
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
  const { blocks } = recognise([...weights].map(([name, { dtype, shape }]) => ({ name, dtype, shape })));
  const merged = mergeBlocksInPlace(weights, blocks);
  expect(merged.get('encoder.weight')).toBe(encoder);
  expect(weights.size).toBe(foreignNetwork().size);
});
