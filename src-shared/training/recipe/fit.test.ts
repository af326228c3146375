import { describe, expect, it } from 'vitest';
import { buildModel } from '../../model/zoo';
import { checkRecipe } from './fit';
import { withOverrides } from './overrides';
import { recipe } from './recipes';

describe('a recipe', () => {
  it.each([
    ['pure-mlp-small', 'streets-short', 'is not for classifying pictures, which pure-mlp-small does: take shapes-short'],
    ['pure-mlp-small', 'face-paper', 'is not for classifying pictures'],
    ['facenet-small', 'cityscapes-paper', 'is not for recognising faces, which facenet-small does: take faces-short'],
    ['pspnet-small', 'shapes-short', 'is not for labelling scenes, which pspnet-small does: take streets-short'],
    ['pspnet-small', 'faces-short', 'is not for labelling scenes'],
  ])('for another task is refused by name: %s with %s', (model, name, sentence) => {
    expect(() => checkRecipe(buildModel(model, {}), recipe(name))).toThrow(sentence);
  });

  it.each(['mixup=0.2', 'cutmix=1', 'augmentations=randAugment', 'augmentations=flip,autoAugment'])(
    'that would tear pixels from their labels is refused: %s',
    (setting) => {
      const changed = withOverrides(recipe('streets-short'), [setting]);
      expect(() => checkRecipe(buildModel('pspnet-small', {}), changed)).toThrow('labels pixels');
      expect(() => checkRecipe(buildModel('pure-mlp-small', {}), withOverrides(recipe('shapes-short'), [setting]))).not.toThrow();
    },
  );

  it.each([
    ['facenet-small', 'faces-short'],
    ['facenet-small', 'shapes-short'],
    ['pspnet-small', 'cityscapes-paper'],
    ['repmlpnet-small', 'repmlpnet-paper'],
  ])('that fits is taken: %s with %s', (model, name) => {
    expect(() => checkRecipe(buildModel(model, {}), recipe(name))).not.toThrow();
  });
});
