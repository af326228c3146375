// Single blocks through the command line: merge, forward, verify against the official code's numbers.
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Tensor } from '../../src-shared/tensor/tensor';
import { float32Of, group, readReferenceTensors, referenceCases } from '../reference';
import { largestDifference, repmlp, saved, savedJson, temporaryFolder, tensorsOf } from './repmlp';

// One case of each family and kind of difficulty; all 43 are covered without a process each in src-shared.
const chosen = [
  'v1_k37_g1_gp2x2_rect',
  'v1_cneqo_4to6_k135_g2_gp2x2',
  'v1_bottleneck_r2_in_ne_out',
  'net_k135_s2_c8_2x2parts',
  'net_tiny_model_rect',
];

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});

/** A tensor every case has. */
function tensor(tensors: ReadonlyMap<string, Tensor>, name: string): Tensor {
  const found = tensors.get(name);
  if (!found) throw new Error(`the case has no tensor ${name}`);
  return found;
}

describe.each(referenceCases.filter(({ id }) => chosen.includes(id)))(
  '$id',
  ({ id, file, family, config, metrics, official_conversion_equivalent: equivalent }) => {
    const tensors = readReferenceTensors(file);
    const at = (name: string): string => join(folder, `${id}-${name}`);
    let block: string[];

    beforeAll(async () => {
      block = ['--block', family, '--config', await savedJson(folder, `${id}.json`, config)];
      await saved(folder, `${id}-train.safetensors`, group(tensors, 'train'));
      await saved(folder, `${id}-x.safetensors`, new Map([['x', float32Of(tensors, 'x')]]));
    });

    test('merges to the official weights', async () => {
      const { code, stdout } = await repmlp(['merge', at('train.safetensors'), at('merged.safetensors'), ...block, '--json']);
      expect({ code, form: (JSON.parse(stdout) as { form: string }).form }).toEqual({ code: 0, form: 'merged' });
      const merged = await tensorsOf(at('merged.safetensors'));
      for (const [name, official] of group(tensors, equivalent ? 'deploy' : 'fixed')) {
        if (official.dtype !== 'float32') continue;
        const largest = (official.data as Float32Array).reduce((a, b) => Math.max(a, Math.abs(b)), 0);
        // Both merges round to float32 once or twice from doubles: a few units in the last place of the largest weight.
        expect(largestDifference(float32Of(merged, name).data, official.data as Float32Array), name).toBeLessThanOrEqual(
          4e-7 * Math.max(1, largest),
        );
      }
    });

    test.each(['train', 'merged'] as const)('computes the truth in %s form', async (form) => {
      const { code, stderr } = await repmlp([
        'forward',
        at(`${form}.safetensors`),
        '--input',
        at('x.safetensors'),
        '--output',
        at(`${form}-y.safetensors`),
        ...block,
      ]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const y = float32Of(await tensorsOf(at(`${form}-y.safetensors`)), 'y');
      // PyTorch's own float32 error on these cases is up to 6e-7 of max |y|; four times that is as good as the original.
      expect(largestDifference(y.data, tensor(tensors, 'y64').data as Float64Array)).toBeLessThanOrEqual(4 * 6e-7 * metrics.max_abs_y64);
    });

    test('is found equivalent', async () => {
      const { code, stdout } = await repmlp(['verify', at('train.safetensors'), at('merged.safetensors'), ...block, '--json']);
      const report = JSON.parse(stdout) as { equivalent: boolean; firstDivergentLayer: string | null; layers: unknown[] };
      expect({ code, equivalent: report.equivalent, first: report.firstDivergentLayer }).toEqual({
        code: 0,
        equivalent: true,
        first: null,
      });
      expect(report.layers.length).toBeGreaterThan(0);
    });
  },
);

test('the official conversion of a block with C different from O is found not equivalent', async () => {
  const { file, family, config } = referenceCases.find(({ id }) => id === 'v1_cneqo_4to6_k135_g2_gp2x2') ?? referenceCases[0];
  const tensors = readReferenceTensors(file);
  const train = await saved(folder, 'cneqo-train.safetensors', group(tensors, 'train'));
  const official = await saved(folder, 'cneqo-official.safetensors', group(tensors, 'deploy'));
  const block = ['--block', family, '--config', await savedJson(folder, 'cneqo.json', config)];
  const { code, stdout } = await repmlp(['verify', train, official, ...block, '--json']);
  const report = JSON.parse(stdout) as { equivalent: boolean; firstDivergentLayer: string };
  expect({ code, equivalent: report.equivalent, first: report.firstDivergentLayer }).toEqual({
    code: 1,
    equivalent: false,
    first: 'repmlp_v1',
  });
});
