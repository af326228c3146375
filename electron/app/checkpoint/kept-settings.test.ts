import { describe, expect, test } from 'vitest';
import type { ModuleSettings } from '@shared/checkpoint/checkpoint-file';
import { blockSpec } from '@shared/model/block-families';
import { parametersOf } from '@shared/model/parameters';
import { NO_CHOICE } from '@shared/model/recognise/partition-readings';
import { understand } from '@shared/model/recognise/understand';
import { lostSettings, networkMetadata, readOf } from './kept-settings';

const NORM = 'torch.nn.modules.batchnorm.BatchNorm2d';
const block = blockSpec('repmlp_v1', { in_channels: 4, out_channels: 4, H: 2, W: 8, h: 2, w: 8, reparam_conv_k: [1, 3], fc3_groups: 1 });

/** A pickled block, alone or inside an unknown network, with what its modules say. */
function pickled(settings: Readonly<Record<string, ModuleSettings['values']>>, inside = '') {
  const at = (path: string): string => [inside, path].filter((part) => part !== '').join('.');
  const moduleSettings = new Map(
    Object.entries(settings).map(([path, values]) => [at(path), { className: path === '' ? 'repmlp.RepMLP' : NORM, values }]),
  );
  const tensors = parametersOf(block).map(({ name, dtype, shape }) => ({ name: at(name), dtype, shape }));
  const file = { fileName: 'block.pth', tensors, moduleSettings };
  return { tensors, read: readOf(understand(file, NO_CHOICE), moduleSettings) };
}

const everyNorm = (eps: number) => ({ fc3_bn: { eps }, 'repconv1.bn': { eps }, 'repconv3.bn': { eps } });
const sizes = { h: 2, w: 8, H: 2, W: 8 };

describe('what a file of tensors loses of a pickled module', () => {
  test.each(['pth', 'npz'] as const)('is said of a .%s file, and how to tell it again', (format) => {
    const { tensors, read } = pickled({ '': sizes, ...everyNorm(1e-3) });
    expect(lostSettings(read, tensors, format)).toEqual([
      expect.stringMatching(/eps of its batch norms, 0\.001: say --eps 0\.001/),
      expect.stringMatching(/partitions of its blocks, 2x8: say --partition 2x8/),
    ]);
  });

  test('is kept by a safetensors file of a known network', () => {
    const { tensors, read } = pickled({ '': sizes, ...everyNorm(1e-3) });
    expect(lostSettings(read, tensors, 'safetensors')).toEqual([]);
    expect(JSON.parse(Object.values(networkMetadata(read))[0])).toMatchObject({ layers: [{ h: 2, w: 8, eps: 1e-3 }] });
  });

  test('is said of a safetensors file of a block inside an unknown network', () => {
    const { tensors, read } = pickled({ '': sizes, ...everyNorm(1e-3) }, 'trunk.block');
    expect(lostSettings(read, [...tensors, { name: 'head', dtype: 'float32', shape: [2] }], 'safetensors')).toHaveLength(2);
  });

  test('is no description where the eps of one block differ: the original has to be merged', () => {
    const { tensors, read } = pickled({ '': sizes, ...everyNorm(1e-3), fc3_bn: { eps: 0.1 } });
    expect(networkMetadata(read)).toEqual({});
    expect(lostSettings(read, tensors, 'safetensors').join()).toMatch(/0\.1 and 0\.001 in one block: merge the original/);
  });

  test('is nothing where tensors tell all', () => {
    const { tensors, read } = pickled({ '': sizes, ...everyNorm(1e-5) });
    expect(lostSettings(read, tensors, 'pth').join()).not.toMatch(/eps/);
  });
});

test('an assumed partition is not written down as a fact', () => {
  const { tensors, read } = pickled({});
  expect([networkMetadata(read), lostSettings(read, tensors, 'pth')]).toEqual([{}, []]);
});
