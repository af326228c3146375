import { expect, it } from 'vitest';
import { withOverrides } from '@shared/training/recipe/overrides';
import { recipe } from '@shared/training/recipe/recipes';
import { seedsFrom, warmupRemark } from './options';

const given = { out: 'run', set: [], recipeSet: [] };

it('seeds are whole numbers of 32 bits; others are refused by the option they came with', () => {
  expect(seedsFrom({ ...given, seed: '4294967295', seedShuffle: '0' })).toEqual({ seed: 4294967295, seeds: { shuffle: 0 } });
  expect(() => seedsFrom({ ...given, seed: '4294967296' })).toThrow('--seed takes a whole number of at most 4294967295');
  expect(() => seedsFrom({ ...given, seedInit: '1.5' })).toThrow('--seed-init takes a whole number of at least 0');
});

it('a run that ends within its warm-up is told so, a longer one is not', () => {
  const short = (epochs: number): string | null => warmupRemark(withOverrides(recipe('repmlpnet-paper'), [`epochs=${epochs}`]));
  expect(short(10)).toMatch(/warm-up takes 10 epochs and the run has 10/);
  expect(short(11)).toBeNull();
  expect(warmupRemark(withOverrides(recipe('shapes-short'), ['epochs=1']))).toBeNull();
});
