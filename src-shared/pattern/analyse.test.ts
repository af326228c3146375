// Whole blocks: the difference of the projections before and after merging is the merged kernel, on
// weights of the official code.
import { describe, expect, it } from 'vitest';
import { group, readReferenceTensors, referenceCases } from '../../tests/reference';
import { blockMatrices } from '../merge/mathematics/matrices';
import { blockSpec } from '../model/block-families';
import { isRepBlock } from '../model/spec';
import { leavesOf } from '../model/walk';
import { analyseBlock, analyseNetwork } from './analyse';
import { energiesOf } from './energies';
import { invariantKernel } from './projection';

const families = new Set(['repmlp_v1', 'repmlpnet_block', 'repmlpnet_unit', 'repmlp_v1_bottleneck_block']);
const cases = referenceCases.filter((entry) => families.has(entry.family));

/** Network and train-form weights of a reference case. */
function networkOf(entry: (typeof cases)[number]) {
  return { spec: blockSpec(entry.family, { ...entry.config, deploy: false }), weights: group(readReferenceTensors(entry.file), 'train') };
}

describe('merging, seen by the projection', () => {
  it.each(cases.map((entry) => [entry.id, entry] as const))('%s: F(after) - F(before) = F(added)', (_, entry) => {
    const { spec, weights } = networkOf(entry);
    for (const { path, layer } of leavesOf(spec)) {
      if (!isRepBlock(layer)) continue;
      const pattern = analyseBlock(blockMatrices(spec, weights, path), layer);
      const scale = Math.max(pattern.largestMergedKernel, Math.sqrt(pattern.before.energy / pattern.shape.O));
      // Each weight of before, added and after is rounded to float32 once: three half-ulps of the largest weight.
      expect(pattern.projectionDifference).toBeLessThanOrEqual(3 * 2 ** -24 * 4 * scale);
      expect(pattern.added.invariantShare).toBeCloseTo(layer.kernels.length > 0 ? 1 : 0, 6);
    }
  });

  it('finds a kernel that is zero outside the largest branch', () => {
    const entry = cases.find(({ family, config }) => family === 'repmlp_v1' && Array.isArray(config.reparam_conv_k));
    if (!entry) throw new Error('no v1 case with branches');
    const { spec, weights } = networkOf(entry);
    const visit = leavesOf(spec).find(({ layer }) => isRepBlock(layer));
    if (!visit || !isRepBlock(visit.layer)) throw new Error('no block');
    const { added } = blockMatrices(spec, weights, visit.path);
    const { shape } = analyseBlock(blockMatrices(spec, weights, visit.path), visit.layer);
    const p = (Math.max(...visit.layer.kernels) - 1) / 2;
    const [rows, columns] = [2 * shape.h - 1, 2 * shape.w - 1];
    invariantKernel(energiesOf(added, shape)).forEach((value, index) => {
      const [dy, dx] = [(Math.floor(index / columns) % rows) - (shape.h - 1), (index % columns) - (shape.w - 1)];
      if (Math.abs(dy) > p || Math.abs(dx) > p) expect(value).toBe(0);
    });
  });
});

describe('analysis of a network', () => {
  const entry = cases[0];

  it('reports every block and says how far it is', async () => {
    const { spec, weights } = networkOf(entry);
    const seen: string[] = [];
    const patterns = await analyseNetwork(spec, weights, { onProgress: ({ done, total }) => seen.push(`${done}/${total}`) });
    expect(seen).toEqual(['0/1', '1/1']);
    expect(patterns.map((pattern) => pattern.path)).toEqual(
      leavesOf(spec)
        .filter(({ layer }) => isRepBlock(layer))
        .map(({ path }) => path),
    );
  });

  it('stops when aborted', async () => {
    const { spec, weights } = networkOf(entry);
    const stop = new AbortController();
    const analysis = analyseNetwork(spec, weights, { signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) });
    await expect(analysis).rejects.toThrow('enough');
  });
});
