import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { group, readReferenceTensors, referenceCases, referencePath } from '../../tests/reference';
import { blockSpec } from './block-families';
import { parametersOf } from './parameters';

describe('the parameters of a spec are the state_dict of the official module', () => {
  test.each(referenceCases)('$id', ({ family, config, file }) => {
    const official = group(readReferenceTensors(file), 'train');
    const ours = parametersOf(blockSpec(family, config));
    expect(Object.fromEntries(ours.map((p) => [p.name, p.shape]))).toEqual(
      Object.fromEntries([...official].map(([name, t]) => [name, t.shape])),
    );
  });

  test('a RepMLPNet lists its tensors in the official order', () => {
    const index = JSON.parse(readFileSync(referencePath('pth/index.json'), 'utf8')) as {
      net_config: object;
      files: { file: string; tensors: { name: string }[] }[];
    };
    const official = index.files.find((entry) => entry.file === 'net_tiny_train.pth')?.tensors.map((t) => t.name);
    expect(parametersOf(blockSpec('repmlpnet_model', index.net_config)).map((p) => p.name)).toEqual(official);
  });
});
