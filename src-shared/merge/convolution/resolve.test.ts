// What a scene names, read: pictures, seeded numbers, and a layer.
import { expect, test } from 'vitest';
import { readReferenceTensors, referenceCases } from '../../../tests/reference';
import { convolutionScene, WHITE, type WrittenScene } from '../../matrix/convolution-scene';
import { drawnPicture, pictureText, shrunkPicture } from './pictures';
import { resolveScene, type SceneSources } from './resolve';

const noSources: SceneSources = {
  loadDigits: () => Promise.reject(new Error('no digits here')),
  loadBlock: () => Promise.reject(new Error('no network here')),
};
const resolved = (written: WrittenScene, sources = noSources) => resolveScene(convolutionScene(written), sources);

test('drawn pictures are whole numbers from 0 to white, and each channel is another one', () => {
  const picture = drawnPicture('ring', { C: 2, h: 7, w: 7 });
  expect(picture).toHaveLength(98);
  for (const value of picture) expect(Number.isInteger(value) && value >= 0 && value <= WHITE).toBe(true);
  expect([...picture.subarray(49)]).toEqual([...drawnPicture('cross', { C: 1, h: 7, w: 7 })]);
});

test('a sample is averaged down, and red, green and blue are the channels', () => {
  // Left half red, right half white.
  const pixels = Uint8Array.from({ length: 8 * 8 * 3 }, (_, at) => (Math.floor(at / 3) % 8 < 4 && at % 3 !== 0 ? 0 : 255));
  const sample = { pixels, height: 8, width: 8, channels: 3, label: 0 };
  const [red, green] = [0, 1].map((c) => [...shrunkPicture(sample, { C: 3, h: 2, w: 2 }).subarray(4 * c, 4 * c + 4)]);
  expect(red).toEqual([9, 9, 9, 9]);
  // The filter mixes the halves a little at their border; left is dark and right is bright.
  expect(green[0]).toBeLessThan(3);
  expect(green[1]).toBeGreaterThan(6);
  expect(green[0]).toBe(green[2]);
});

test('samples of the drawn sets are read, and what was reduced is said', async () => {
  const { picture, scene } = await resolved({ picture: { kind: 'sample', of: 'shapes', index: 4 } });
  expect(new Set(picture).size).toBeGreaterThan(1);
  expect(pictureText(scene.picture, scene)).toBe('sample 4 of shapes, averaged down to 7 × 7 and rounded to 10 greys');
});

test('a source that cannot be read rejects with its own words', async () => {
  await expect(resolved({ picture: { kind: 'sample', of: 'digits', index: 0 } })).rejects.toThrow('no digits here');
  await expect(resolved({ fc: { kind: 'layer', block: 'x', o: 0, c: 0 } })).rejects.toThrow('no network here');
});

test('seeded numbers are hundredths, the same for the same seed', async () => {
  const [first, again, other] = await Promise.all([3, 3, 4].map((seed) => resolved({ fc: { kind: 'seeded', seed, deviation: 1 } })));
  expect(first.fc?.weight).toEqual(again.fc?.weight);
  expect(first.fc?.weight).not.toEqual(other.fc?.weight);
  for (const value of first.fc?.weight ?? []) expect(Math.abs(100 * value - Math.round(100 * value))).toBeLessThan(1e-9);
});

test('a layer brings its sizes, kernels and FC; a painted picture of another size gives way to a drawn one', async () => {
  const reference = referenceCases.find(({ id }) => id === 'v1_k135_g4_gp2x2_official_selftest');
  const tensors = readReferenceTensors(reference?.file ?? '');
  const weights = new Map([...tensors].map(([name, tensor]) => [name.replace('train.', 'block.'), tensor]));
  const layer = {
    kind: 'repmlp',
    name: 'block',
    C: 8,
    O: 8,
    H: 14,
    W: 14,
    h: 7,
    w: 7,
    reduction: 1,
    groups: 4,
    kernels: [1, 3, 5],
    form: 'train',
  } as const;
  const asked: string[] = [];
  const sources = {
    ...noSources,
    loadBlock: (path: string) => Promise.resolve({ layer, path: 'block', weights, asked: asked.push(path) }),
  };
  const fc = { kind: 'layer', block: 'stage1.mix1', o: 1, c: 1 } as const;
  const model = await resolved({ fc, h: 4, w: 4, picture: { kind: 'values', values: Array.from({ length: 16 }, () => 1) } }, sources);
  expect(asked).toEqual(['stage1.mix1']);
  expect(model.sizes).toMatchObject({ h: 7, w: 7, C: 1, O: 1, pad: 2, K: 5, rows: 49, columns: 49 });
  expect(model.scene.picture.kind).toBe('drawn');
  expect(model.shown.part).toBe(0);
});
