import { describe, expect, it } from 'vitest';
import { withOverrides } from './overrides';
import { recipe, recipeNames } from './recipes';

describe('recipes', () => {
  it('hold the published settings', () => {
    expect(recipe('cifar-paper')).toMatchObject({ epochs: 100, batchSize: 128, schedule: { kind: 'cosine', base: 0.2, final: 0 } });
    expect(recipe('imagenet-paper')).toMatchObject({ batchSize: 256, optimizer: { kind: 'sgd', momentum: 0.9, weightDecay: 1e-4 } });
    expect(recipe('repmlpnet-paper')).toMatchObject({ optimizer: { kind: 'adamw', weightDecay: 0.1 }, clipNorm: 5, mixup: 0.4, cutmix: 1 });
    expect(recipe('face-paper')).toMatchObject({ loss: 'amSoftmax', batchSize: 512 });
    expect(recipe('cityscapes-paper')).toMatchObject({ loss: 'pixelCrossEntropy', batchSize: 16, epochs: 200 });
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

  it.each([
    ['epoch=3', 'KEY=VALUE'],
    ['epochs', 'KEY=VALUE'],
    ['epochs=3.5', 'whole number'],
    ['epochs=many', 'expected a number'],
    ['lr=0', 'above 0'],
    ['augmentations=blur', 'expected one of padCropFlip'],
    ['toString=1', 'KEY=VALUE'],
  ])('%s is refused in one sentence', (text, message) => {
    expect(() => withOverrides(recipe('shapes-short'), [text])).toThrow(message);
  });
});
