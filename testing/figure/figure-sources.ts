// What figures are read from in tests: a small network with first weights, a run of a few epochs, a picture of two pixels.
import type { FigureSources } from '@shared/figure/kind';
import { initialWeights } from '@shared/model/initialise';
import { buildModel } from '@shared/model/zoo';
import type { RunRecord } from '@shared/run/run';
import { seed } from '@shared/tensor/random';
import { config } from '../training/fake-run';

const none = (what: string) => () => Promise.reject(new Error(`this figure reads no ${what}`));

/** For figures that read nothing. */
export const noSources: FigureSources = {
  network: none('network'),
  run: none('run'),
  events: none('events'),
  fileOfRun: none('file of a run'),
  picture: none('picture'),
  receptiveField: none('receptive field'),
  int8: none('forecast'),
};

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

/** One network under every path, and one run of seven epochs. */
export const smallSources: FigureSources = {
  ...noSources,
  network: () => Promise.resolve({ spec, weights }),
  run: () => Promise.resolve(runOf(7)),
  events: () => Promise.resolve([]),
  fileOfRun: (path, file) => Promise.resolve(`${path}/${file}`),
  picture: () =>
    Promise.resolve({ width: 2, height: 1, pixels: new Uint8ClampedArray([200, 100, 0, 255, 0, 0, 0, 255]), title: 'sample 1' }),
};
