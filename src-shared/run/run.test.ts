// What a run, a network, a figure recipe hold is anybody's text: damaged at every leaf it is refused with the field, or is
// something that can be computed.
import { describe, expect, it } from 'vitest';
import { openEmbedded } from '../dataset/embedded/embedded';
import { parseFigureRecipe } from '../figure/registry';
import { parseNetworkSpec } from '../model/schema';
import { buildModel } from '../model/zoo';
import { seed } from '../tensor/random';
import { openFeed } from '../training/batches/feed';
import { recipe } from '../training/recipe/recipes';
import { learningRateAt } from '../training/recipe/schedule';
import { UserError } from '../base/user-error';
import { mutations, type Mutation } from './mutations';
import { parseRunRecord, type RunRecord } from './run';

const checkpoint = (epoch: number, step: number): RunRecord['checkpoints'][number] => ({
  epoch,
  step,
  file: `checkpoints/epoch-000${epoch}.safetensors`,
  stateFile: `checkpoints/epoch-000${epoch}.state.safetensors`,
  form: 'train',
  validation: { loss: 1, metric: 0.5, verification: 0.5 },
  best: true,
  interim: step > 0,
});

/** A record with every field there is. */
const RECORD: RunRecord = {
  format: 'repmlp-run',
  version: 1,
  name: 'run',
  createdAt: '2026-01-01T00:00:00.000Z',
  state: 'stopped',
  config: {
    spec: buildModel('pure-mlp-small', { width: '4' }),
    dataset: { kind: 'embedded', name: 'shapes', seed: seed(1), trainCount: 16, validationCount: 8 },
    recipe: {
      ...recipe('repmlpnet-paper'),
      batchSize: 4,
      augmentations: [
        { kind: 'padCropFlip', padding: 4 },
        { kind: 'randomResizedCrop', minScale: 0.08 },
        { kind: 'randomScaleCrop', minScale: 0.5, maxScale: 2 },
        { kind: 'randAugment', magnitude: 15, operations: 2 },
      ],
      margin: { scale: 30, margin: 0.35 },
      stopWhen: { metric: 0.9, patience: 3 },
      schedule: { ...recipe('shapes-short').schedule, milestones: [10] },
    },
    seed: seed(3),
    seeds: { init: seed(1), shuffle: seed(2), augmentation: seed(3) },
    backend: 'auto',
  },
  backend: 'wasm',
  device: '',
  studioVersion: '0',
  tfjsVersion: '0',
  dataHash: '',
  checkpoints: [checkpoint(1, 0), checkpoint(1, 5)],
  backendChanges: [{ epoch: 1, step: 0, from: 'wasm', to: 'cpu' }],
};

/** What `parse` gives of a damaged value; null where it refuses it as a user is to be told: file first, one line. */
function parsed<T>({ path, what, json }: Mutation, parse: (json: unknown, where: string) => T): T | null {
  try {
    // Through its text, as it is read: a field left out is not one that is undefined.
    return parse(JSON.parse(JSON.stringify(json) ?? 'null'), 'file.json');
  } catch (error) {
    const place = `${path.join('.')} ${what}`;
    expect(error, place).toBeInstanceOf(UserError);
    const { message } = error as UserError;
    expect(message, place).toMatch(/^file\.json[ :].*[^.]$/);
    expect(message, place).not.toMatch(/\[object|\n/);
    return null;
  }
}

/** The first batch of a training and its rate. */
async function firstStep({ config }: RunRecord): Promise<{ readonly images: Float32Array; readonly rate: number }> {
  if (config.dataset.kind !== 'embedded') throw new Error('the data are elsewhere');
  const feed = openFeed(openEmbedded({ ...config.dataset, trainCount: 16 }).train, config);
  const { images } = await feed.batch(0, 0);
  return { images, rate: learningRateAt(config.recipe.schedule, 1, { stepsPerEpoch: feed.stepsPerEpoch, epochs: config.recipe.epochs }) };
}

describe('a run record', () => {
  it('is read back as it was written', () => {
    expect(parseRunRecord(JSON.parse(JSON.stringify(RECORD)), 'run.json')).toEqual(RECORD);
  });

  it('damaged at any leaf is refused with the field, or is a run whose first batch and rate are numbers', async () => {
    const refused = new Set<string>();
    for (const mutation of mutations(RECORD)) {
      const record = parsed(mutation, parseRunRecord);
      const where = mutation.path.join('.');
      if (record === null) refused.add(where);
      else if (where.startsWith('config.recipe') || where.startsWith('config.seed') || where.startsWith('config.dataset')) {
        if (record.config.dataset.kind !== 'embedded' || record.config.dataset.name !== 'shapes') continue;
        const { images, rate } = await firstStep(record);
        expect(images.every(Number.isFinite) && Number.isFinite(rate), `${where} ${mutation.what}`).toBe(true);
      }
    }
    // Every leaf has some value that is refused, those that are any text excepted.
    const leaves = [...mutations(RECORD)].filter(({ what }) => what === 'missing' || what === '{}').map(({ path }) => path.join('.'));
    expect([...new Set(leaves)].filter((leaf) => leaf !== '' && !refused.has(leaf))).toEqual([]);
  });

  it('names the field that is wrong', () => {
    const wrong = (config: object): unknown => ({ ...RECORD, config: { ...RECORD.config, ...config } });
    const withRecipe = (change: object): unknown => wrong({ recipe: { ...RECORD.config.recipe, ...change } });
    for (const [json, sentence] of [
      [withRecipe({ mixup: 'much' }), 'config.recipe.mixup: takes a number, got string'],
      [withRecipe({ epochs: -1 }), 'config.recipe.epochs: too small'],
      [withRecipe({ loss: 'amSoftmax', margin: null }), 'config.recipe.margin: is null, and the loss amSoftmax needs'],
      [withRecipe({ epoch: 3 }), 'config.recipe.epoch: is no field here; did you mean "epochs"?'],
      [{ ...RECORD, checkpoints: [{ ...checkpoint(1, 0), file: '../victim/x' }] }, 'checkpoints.0.file: names no file of the run'],
      [{ ...RECORD, checkpoints: [checkpoint(2, 0), checkpoint(1, 0)] }, 'checkpoints.1.epoch: does not come after'],
      [{ ...RECORD, version: 2 }, 'run.json: written by a newer program (version 2, this reads up to 1)'],
    ] as const)
      expect(() => parseRunRecord(json, 'run.json')).toThrow(sentence);
  });
});

it('a network description damaged at any leaf is refused with the field, or is a network', () => {
  const parse = (json: unknown, where: string): unknown => {
    try {
      return parseNetworkSpec(json);
    } catch (error) {
      throw error instanceof UserError ? new UserError(`${where}: ${error.message}`) : error;
    }
  };
  let refused = 0;
  for (const mutation of mutations(buildModel('pure-mlp-small', { width: '4' }))) if (parsed(mutation, parse) === null) refused++;
  expect(refused).toBeGreaterThan(1000);
});

it('a figure recipe damaged at any leaf is refused with the field, or is a recipe', () => {
  const head = { format: 'repmlp-figure', version: 1, layout: { widthMm: 85, fontPt: 8, title: null } };
  const dataset = { kind: 'embedded', name: 'shapes', seed: 1, trainCount: 16, validationCount: 8 };
  const source = { path: 'run', layer: 'stage1.mix1' };
  for (const json of [
    { ...head, kind: 'figure5', source, outputChannel: 0, row: 6, column: 6, inputChannel: 0 },
    { ...head, kind: 'overlay', source, group: 0, map: 'output', picture: { dataset, of: { sample: 3 } }, partitions: 2 },
    { ...head, kind: 'cost-bars', model: 'pure-mlp-small', set: { g: '2' }, metric: 'macs', form: 'both' },
  ])
    for (const mutation of mutations(json)) parsed(mutation, parseFigureRecipe);
});
