// What figures are read from in tests: a small network with first weights, a run of a few epochs, a picture of two pixels.
import type { CountedKernel } from '@shared/cost/kernel-ledger';
import type { FamilyLayers, FigureSources, WeightMatrix } from '@shared/figure/kind';
import { columnsOf, rowsOf } from '@shared/matrix/geometry';
import { kernelGeometry, kernelMatrix } from '@shared/merge/kernel-matrix';
import { initialWeights } from '@shared/model/initialise';
import { buildModel } from '@shared/model/zoo';
import type { RunRecord } from '@shared/run/run';
import { normalArray, randomFrom, seed } from '@shared/tensor/random';
import { floatTensor } from '@shared/tensor/tensor';
import { config } from '../training/fake-run';

const none = (what: string) => () => Promise.reject(new Error(`this figure reads no ${what}`));

/** For figures that read nothing. */
export const noSources: FigureSources = {
  network: none('network'),
  run: none('run'),
  events: none('events'),
  fileOfRun: none('file of a run'),
  picture: none('picture'),
  samples: none('samples'),
  weight: none('weight'),
  layers: none('merged layers'),
  receptiveField: none('receptive field'),
  int8: none('forecast'),
};

/** A sample of 4 x 6 pixels whose colours are all its own. */
function sampleAt(index: number, isScene: boolean) {
  const pixels = Uint8ClampedArray.from({ length: 96 }, (_, at) => (at % 4 === 3 ? 255 : (31 * at + 7 * index) % 256));
  return { index, label: isScene ? '' : `class with a name ${index}`, width: 6, height: 4, pixels, classMap: isScene ? pixels : null };
}

const spec = buildModel('pure-mlp-small');
const weights = initialWeights(spec, seed(1));

const checkpoint = (epoch: number): RunRecord['checkpoints'][number] => {
  const validation = { loss: 1 / epoch, metric: 0.5 };
  return { epoch, step: 0, file: `checkpoints/${epoch}.safetensors`, stateFile: null, form: 'train', validation, best: false };
};

/** A run of as many epochs. */
export function runOf(epochs: number): RunRecord {
  return {
    format: 'repmlp-run',
    version: 1,
    name: 'one',
    createdAt: '2026-01-31T12:00:00.000Z',
    state: 'finished',
    config: { ...config(), spec },
    backend: 'cpu',
    device: 'a test',
    studioVersion: '0',
    tfjsVersion: '0',
    dataHash: '',
    checkpoints: Array.from({ length: epochs }, (_, i) => checkpoint(i + 1)),
  };
}

/** A merged 3x3 kernel of 4 outputs and 2 inputs. */
const kernel = floatTensor([4, 2, 3, 3], normalArray(randomFrom(seed(5)), 72, 0.3));
const geometry = kernelGeometry('conv.weight', kernel.shape, [4, 4]);
const SMALL_WEIGHT: WeightMatrix = {
  ...{ dtype: 'float32', shape: kernel.shape, geometry, rows: rowsOf(geometry), columns: columnsOf(geometry) },
  data: kernelMatrix('conv.weight', kernel, [4, 4]),
};
const branches = [3, 1].map(
  (side): CountedKernel => ({ kind: 'kernel', path: `conv.branch${side}`, shape: [4, 2, side, side], hasBias: false, groups: 1 }),
);
const SMALL_LAYERS: FamilyLayers = {
  fileName: 'family.safetensors',
  kernels: [{ path: 'conv', name: 'conv.weight', recipe: 'repvgg', weight: kernel, shape: kernel.shape, hasBias: true }],
  train: { layers: branches },
};

/** One network under every path, and one run of seven epochs. */
export const smallSources: FigureSources = {
  ...noSources,
  network: () => Promise.resolve({ spec, weights }),
  run: () => Promise.resolve(runOf(7)),
  events: () => Promise.resolve([]),
  fileOfRun: (path, file) => Promise.resolve(`${path}/${file}`),
  weight: () => Promise.resolve(SMALL_WEIGHT),
  layers: () => Promise.resolve(SMALL_LAYERS),
  // Scenes, the second of which is broken, in the split for validation; pictures with a label in the other.
  samples: ({ split, first, count }) =>
    Promise.resolve({
      name: 'small pictures',
      total: 40,
      shown: Array.from({ length: count }, (_, i) =>
        i === 1 && split === 'validation'
          ? { index: first + i, problem: 'broken.png ends in its middle' }
          : sampleAt(first + i, split === 'validation'),
      ),
    }),
  picture: () =>
    Promise.resolve({ width: 2, height: 1, pixels: new Uint8ClampedArray([200, 100, 0, 255, 0, 0, 0, 255]), title: 'sample 1' }),
};
