import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { buildModel } from '@shared/model/zoo';
import { seed } from '@shared/tensor/random';
import { withOverrides } from '@shared/training/recipe/overrides';
import { recipe, recipeNames, recipesFor } from '@shared/training/recipe/recipes';
import { parseArgs, recipeOf } from './args-yaml';
import { recipeYaml } from './recipe-yaml';

const NETWORKS = { crossEntropy: 'repmlpnet-small', amSoftmax: 'facenet-small', pixelCrossEntropy: 'pspnet-small' } as const;

describe('recipe.yaml', () => {
  it.each(recipeNames)('says everything of %s: it is the same recipe when read back', (name) => {
    const own = recipe(name);
    const spec = buildModel(NETWORKS[own.loss]);
    const text = recipeYaml(spec, own, seed(7));
    expect(recipeOf(parseArgs(text, 'recipe.yaml'), spec.task, 'recipe.yaml')).toEqual(own);
  });

  it('is YAML 1.1 in which numbers are numbers, for timm reads it so', () => {
    const text = recipeYaml(buildModel('repmlpnet-small'), recipe('repmlpnet-paper'), seed(1));
    const found = parse(text, { version: '1.1' }) as Record<string, unknown>;
    expect(found).toMatchObject({ opt_eps: 1e-8, warmup_lr: 5e-7, lr: 0.001, weight_decay: 0.1, clip_grad: 5, smoothing: 0.1 });
    expect(text).toMatch(/^opt_eps: 1\.0e-8$/m);
  });

  it('has a key and a JSON value a line, which is all that train.py reads', () => {
    for (const name of recipesFor('classification'))
      for (const line of recipeYaml(buildModel('repmlpnet-small'), recipe(name), seed(1)).trimEnd().split('\n')) {
        if (line.startsWith('#')) continue;
        const [, key, value] = /^(\w+): (.*)$/.exec(line) ?? [];
        expect(key, line).toBeDefined();
        expect(() => JSON.parse(value) as unknown, line).not.toThrow();
      }
  });

  it("calls SGD as timm does: with Nesterov's step `sgd`, without it `momentum`", () => {
    const optOf = (text: string): unknown => (parse(text) as { opt: unknown }).opt;
    const plain = recipe('cifar-paper');
    const spec = buildModel('pure-mlp-small');
    expect(optOf(recipeYaml(spec, plain, seed(1)))).toBe('momentum');
    const nesterov = { ...plain, optimizer: { kind: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 0 } } as const;
    expect(optOf(recipeYaml(spec, nesterov, seed(1)))).toBe('sgd');
  });

  it('keeps an average, a clipping and a list of augmentations apart from none', () => {
    const spec = buildModel('pure-mlp-small');
    const changed = withOverrides(recipe('shapes-short'), [
      'ema=0.99',
      'clipNorm=2',
      'augmentations=padCropFlip:2,randAugment:9:2',
      'stop.patience=3',
    ]);
    const back = recipeOf(parseArgs(recipeYaml(spec, changed, seed(1)), 'x'), 'classification', 'x');
    expect(back).toEqual(changed);
  });
});

describe('args.yaml', () => {
  it.each([
    ['epochs: many', 'epochs: takes a number'],
    ['opt: lion', 'sgd, momentum'],
    ['sched: tanh', 'constant, cosine, poly or steps'],
    ['lr: null', 'no learning rate'],
    [': [', 'is not YAML'],
  ])('with %s is refused in a sentence that names the file', (line, sentence) => {
    const text = `${recipeYaml(buildModel('pure-mlp-small'), recipe('shapes-short'), seed(1)).replace(new RegExp(`^${line.split(':')[0]}: .*$`, 'm'), '')}\n${line}\n`;
    const read = (): unknown => recipeOf(parseArgs(text, '/out/args.yaml'), 'classification', '/out/args.yaml');
    expect(read).toThrow('/out/args.yaml');
    expect(read).toThrow(sentence);
  });
});
