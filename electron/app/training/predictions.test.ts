// Predictions on scenes larger than the network's input, against what an evaluation of the same samples counts.
import { beforeAll, expect, test } from 'vitest';
import { type DatasetReference, type DatasetSplits, type Sample, IGNORED } from '@shared/dataset/dataset';
import { createEngine } from '@shared/compute/create-engine';
import type { Engine } from '@shared/compute/engine';
import { evaluatedBy } from '@shared/training/evaluation/evaluated';
import type { SentSize } from '@shared/dataset/remote';
import { initialWeights } from '@shared/model/initialise';
import type { NetworkSpec } from '@shared/model/spec';
import { seed } from '@shared/tensor/random';
import type { SceneView } from '@shared/training/evaluation/answers';
import { fitTo } from '@shared/dataset/pixels/geometry';
import { emptyConfusion } from '@shared/training/evaluation/confusion';
import { installedWasmFiles } from '../../../tests/engine';
import { BulkStore } from '../bulk';
import { predictions } from './predictions';

const CLASSES = ['sky', 'house', 'road'];

/** A class per pixel from its surroundings, so that the borders of windows show in the answer. */
const spec: NetworkSpec = {
  format: 'repmlp-network',
  version: 1,
  name: 'scenes',
  task: 'segmentation',
  form: 'train',
  input: { channels: 3, height: 8, width: 12 },
  layers: [
    {
      kind: 'conv2d',
      name: 'head',
      in: 3,
      out: CLASSES.length,
      kernel: [5, 5],
      stride: [1, 1],
      padding: [2, 2],
      dilation: [1, 1],
      groups: 1,
      bias: true,
    },
  ],
};
const weights = initialWeights(spec, seed(1));

/** Colours and labels that hang on place and number; the first pixel of each is ignored. */
function scene(n: number, height = 11, width = 20): Sample {
  const pixels = Uint8Array.from({ length: height * width * 3 }, (_, i) => (i * (37 + n) + 11 * (i % 7) ** 2) % 256);
  const label = Uint8Array.from({ length: height * width }, (_, i) => (i === 0 ? IGNORED : (Math.floor(i / 3) + n) % CLASSES.length));
  return { pixels, height, width, channels: 3, label };
}

function splits(scenes: readonly Sample[], size?: SentSize): DatasetSplits {
  const validation: DatasetSplits['validation'] = {
    name: 'test scenes',
    task: 'segmentation',
    count: scenes.length,
    classes: CLASSES,
    mean: [0.5, 0.5, 0.5],
    deviation: [0.25, 0.25, 0.25],
    image: { channels: 3, height: scenes[0].height, width: scenes[0].width },
    read: (indices) =>
      Promise.resolve(Array.from(indices, (index) => (size && 'fit' in size ? fitTo(scenes[index], size.fit) : scenes[index]))),
  };
  return { train: validation, validation };
}

let engine: Engine;
let scenes: readonly Sample[];
beforeAll(() => {
  engine = createEngine({ openDataset: () => Promise.resolve(splits(scenes)), wasmFiles: installedWasmFiles() });
});

const bulk = new BulkStore();
const studio = {
  bulk,
  weights: { load: () => Promise.resolve({ spec, weights }) },
  datasets: {
    settle: (reference: DatasetReference) => Promise.resolve({ reference }),
    open: (_: unknown, size?: SentSize) => Promise.resolve(splits(scenes, size)),
  },
  engines: { current: () => Promise.resolve({ engine }) },
};

const dataset = { kind: 'folder', path: '/scenes' } as const;

async function predicted(view: SceneView, first: number, count = 16) {
  const said = await predictions(studio, { weights: { kind: 'file', id: 'w' }, dataset, view, first, count });
  if (said.kind !== 'scenes') throw new Error(`expected scenes, got ${said.kind}`);
  const [truth, classes] = [await bulk.take(said.truth), await bulk.take(said.predicted)];
  return { said, truth, classes };
}

test('sliding windows give each pixel of a scene the class that an evaluation counts, at the scene’s own size', async () => {
  scenes = Array.from({ length: 4 }, (_, n) => scene(n));
  const { said, truth, classes } = await predicted('sliding', 0);
  expect(said.pictures).toMatchObject({ count: 4, height: 11, width: 20, channels: 3 });
  expect(said.seen).toBe('scenes of 20x11 in windows of 12x8, 8 pixels apart, class probabilities averaged where they overlap');
  const found = await evaluatedBy(engine.evaluate({ spec, weights, dataset, backend: 'auto', view: 'sliding' }));
  const confusion = emptyConfusion(CLASSES.length);
  truth.forEach((label, pixel) => label !== IGNORED && confusion[label][classes[pixel]]++);
  expect(confusion).toEqual(found.report.confusion);
  expect(said.seen).toBe(found.seen);
});

test('the same scenes given whole are shown at the size of the network’s input', async () => {
  scenes = Array.from({ length: 6 }, (_, n) => scene(n));
  const { said, truth, classes } = await predicted('whole', 0);
  expect(said.pictures).toMatchObject({ count: 6, height: 8, width: 12 });
  expect([truth.length, classes.length]).toEqual([6 * 96, 6 * 96]);
  expect(said.seen).toBe('scenes of 20x11, resized whole to 12x8');
});

test('a page of scenes at their own size has four, and ends before one of another size', async () => {
  scenes = [0, 1, 2, 3, 4, 5].map((n) => (n === 5 ? scene(n, 9, 13) : scene(n)));
  expect((await predicted('sliding', 0)).said.right).toHaveLength(4);
  const { said } = await predicted('sliding', 4);
  expect([said.right.length, said.total]).toEqual([1, 6]);
  const last = await predicted('sliding', 5);
  expect(last.said.pictures).toMatchObject({ count: 1, height: 9, width: 13 });
  await expect(predicted('sliding', 6)).rejects.toThrow('there are 6 samples, asked for number 7');
});
