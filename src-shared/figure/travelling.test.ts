// What a figure tells of the machine it was made on: nothing.
import { describe, expect, it } from 'vitest';
import { headOf } from '../../testing/figure/figure-examples';
import { travelling, travellingPath } from './travelling';

describe('a path travels', () => {
  it.each([
    ['bundled:pure-mlp-small', 'bundled:pure-mlp-small'],
    ['weights/net.pth', 'weights/net.pth'],
    ['..', '..'],
    ['../..', '../..'],
    ['.', '.'],
    ['/home/alice/secret-project/net.pth', 'net.pth'],
    ['C:\\Users\\alice\\net.pth', 'net.pth'],
    ['../../home/alice/net.pth', 'net.pth'],
    ['/home/alice/runs/baseline', 'baseline'],
    ['/home/alice/runs/baseline/checkpoints/epoch-0003.safetensors', 'baseline/checkpoints/epoch-0003.safetensors'],
    ['../baseline/checkpoints/epoch-0003.safetensors', 'baseline/checkpoints/epoch-0003.safetensors'],
    ['../checkpoints/epoch-0003.safetensors', 'epoch-0003.safetensors'],
    ['', ''],
  ])('%s as %s', (path, travels) => {
    expect(travellingPath(path)).toBe(travels);
    expect(travellingPath(travels)).toBe(travels);
  });
});

describe('a recipe travels', () => {
  const path = '/home/alice/net.pth';

  it('without a folder in any of its fields', () => {
    const recipes = [
      { ...headOf(85, 8), kind: 'locality', source: { path }, against: { path } },
      { ...headOf(85, 8), kind: 'accuracy-cost', runs: ['/home/alice/runs/a', '/home/alice/runs/b'] },
      { ...headOf(85, 8), kind: 'overlay', source: { path }, group: null, map: 'input', picture: { file: '/home/alice/cat.png' } },
      {
        ...headOf(85, 8),
        kind: 'overlay',
        source: { path },
        group: null,
        map: 'input',
        picture: { dataset: { kind: 'folder', path: '/home/alice/cifar' }, of: { sample: 1 } },
      },
      { ...headOf(85, 8), kind: 'samples', dataset: { kind: 'folder', path: '/home/alice/cifar' }, split: 'train', first: 0, count: 3 },
      { ...headOf(85, 8), kind: 'curves', source: { path } },
    ] as const;
    for (const recipe of recipes) {
      expect(JSON.stringify(travelling(recipe))).not.toMatch(/alice|home/);
      expect(travelling(travelling(recipe))).toEqual(travelling(recipe));
    }
  });
});
