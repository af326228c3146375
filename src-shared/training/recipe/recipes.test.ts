import { describe, expect, it } from 'vitest';
import { augmentationsText, withOverrides } from './overrides';
import type { Recipe } from './recipe';
import { recipe, recipeNames } from './recipes';
import { learningRateAt } from './schedule';

describe('recipes', () => {
  const momentum = { kind: 'sgd', momentum: 0.9, nesterov: false } as const;
  /** What a recipe does without where it says nothing. */
  const plain = { mixup: 0, cutmix: 0, labelSmoothing: 0, clipNorm: null, ema: null, decayMatricesOnly: false, auxiliaryWeight: 0 };

  it.each<[string, Partial<Recipe>]>([
    [
      'cifar-paper',
      {
        ...plain,
        epochs: 100,
        batchSize: 128,
        optimizer: { ...momentum, weightDecay: 1e-4 },
        augmentations: [{ kind: 'padCropFlip', padding: 4 }],
      },
    ],
    [
      'imagenet-paper',
      {
        ...plain,
        epochs: 100,
        batchSize: 256,
        optimizer: { ...momentum, weightDecay: 1e-4 },
        augmentations: [{ kind: 'randomResizedCrop', minScale: 0.08 }, { kind: 'flip' }, { kind: 'autoAugment' }],
        mixup: 0.2,
      },
    ],
    [
      'repmlpnet-paper',
      {
        ...plain,
        epochs: 100,
        batchSize: 256,
        optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1 },
        decayMatricesOnly: true,
        augmentations: [
          { kind: 'randomResizedCrop', minScale: 0.08 },
          { kind: 'flip' },
          { kind: 'randAugment', magnitude: 15, operations: 2 },
        ],
        mixup: 0.4,
        cutmix: 1,
        // The official data/build.py gives it to timm's Mixup, which smooths the targets that it mixes.
        labelSmoothing: 0.1,
        clipNorm: 5,
      },
    ],
    [
      'face-paper',
      {
        ...plain,
        epochs: 37,
        batchSize: 512,
        optimizer: { ...momentum, weightDecay: 4e-5 },
        loss: 'amSoftmax',
        margin: { scale: 30, margin: 0.35 },
      },
    ],
    [
      'cityscapes-paper',
      {
        ...plain,
        epochs: 200,
        batchSize: 16,
        optimizer: { ...momentum, weightDecay: 1e-4 },
        loss: 'pixelCrossEntropy',
        auxiliaryWeight: 0.4,
      },
    ],
  ])('%s holds the published settings', (name, settings) => {
    expect(recipe(name)).toMatchObject(settings);
  });

  it('train at the published rates: each schedule as its formula, at the start, midway and in the last step', () => {
    const cosine = (base: number) => (share: number) => (base * (1 + Math.cos(Math.PI * share))) / 2;
    const formulae: Readonly<Record<string, (share: number) => number>> = {
      'cifar-paper': cosine(0.2),
      'imagenet-paper': cosine(0.1),
      // Past its ten epochs of warm-up.
      'repmlpnet-paper': cosine(0.001),
      'cityscapes-paper': (share) => 0.01 * (1 - share) ** 0.9,
    };
    for (const [name, formula] of Object.entries(formulae)) {
      const { schedule, epochs } = recipe(name);
      const length = { stepsPerEpoch: 10, epochs };
      const steps = 10 * epochs;
      for (const step of [...(schedule.warmupEpochs > 0 ? [] : [0]), steps / 2, steps - 1])
        expect(learningRateAt(schedule, step, length)).toBeCloseTo(formula(step / steps), 12);
    }
  });

  it('are listed when a name is unknown', () => {
    expect(() => recipe('cifar')).toThrow(recipeNames.join(', '));
  });
});

describe('overrides', () => {
  it('change what they name and nothing else', () => {
    const base = recipe('shapes-short');
    expect(withOverrides(base, ['epochs=3', 'lr=0.05'])).toEqual({ ...base, epochs: 3, schedule: { ...base.schedule, base: 0.05 } });
    expect(withOverrides(base, ['augmentations=padCropFlip:2,randAugment:5']).augmentations).toEqual([
      { kind: 'padCropFlip', padding: 2 },
      { kind: 'randAugment', magnitude: 5, operations: 2 },
    ]);
    expect(withOverrides(base, ['optimizer=adamw', 'weightDecay=0.2', 'clipNorm=1']).optimizer).toMatchObject({
      kind: 'adamw',
      weightDecay: 0.2,
    });
  });

  it('empty a list or switch something off with none', () => {
    const changed = withOverrides(recipe('face-paper'), ['schedule.milestones=none', 'augmentations=none', 'ema=0.9', 'ema=none']);
    expect(changed).toMatchObject({ schedule: { milestones: [] }, augmentations: [], ema: null });
  });

  it('read augmentations back as they are written', () => {
    for (const name of recipeNames) {
      const { augmentations } = recipe(name);
      expect(withOverrides(recipe('shapes-short'), [`augmentations=${augmentationsText(augmentations)}`]).augmentations).toEqual(
        augmentations,
      );
    }
  });

  it.each([
    ['epoch=3', 'KEY=VALUE'],
    ['epochs', 'KEY=VALUE'],
    ['epochs=3.5', 'whole number'],
    ['epochs=many', 'whole number'],
    ['epochs=0', 'whole number'],
    ['weightDecay=much', 'expected a number'],
    ['lr=0', 'above 0'],
    ['momentum=1', 'from 0 to below 1'],
    ['labelSmoothing=3', 'from 0 to below 1'],
    ['ema=7', 'from 0 to below 1'],
    ['stop.metric=90', 'such as 0.9 for 90 %'],
    ['augmentations=blur', 'expected one of padCropFlip'],
    ['toString=1', 'KEY=VALUE'],
    ['margin=0.5', 'only AM-Softmax has a margin'],
    ['scale=30', 'only AM-Softmax has a margin'],
    ['augmentations=flip:3', 'flip takes no number'],
    ['augmentations=randAugment:9:2:7', 'at most 2'],
    ['augmentations=randAugment:99', '0 to 30'],
    ['augmentations=randomResizedCrop:2', 'at most 1'],
    ['augmentations=randomScaleCrop:2:0.5', 'smaller scale first'],
  ])('%s is refused in one sentence', (text, message) => {
    expect(() => withOverrides(recipe('shapes-short'), [text])).toThrow(message);
  });
});
