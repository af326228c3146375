// Outliers that were planted: which channel, which cell, and what is blamed.
import { describe, expect, test } from 'vitest';
import { initialWeights } from '../../model/initialise';
import { mergeNetwork } from '../../merge/merge-network';
import { randomizeBatchNorm } from '../../proof/seeded-inputs';
import { buildModel } from '../../model/zoo';
import { isRepBlock, joinPath } from '../../model/spec';
import { leavesOf } from '../../model/walk';
import { randomFrom, normalArray, seed } from '../../tensor/random';
import { floatTensor, type Tensor } from '../../tensor/tensor';
import { mergedCauses, outlierOf } from './outliers';

describe('an outlier', () => {
  test('is the largest value of the channel whose range is furthest from the median', () => {
    const values = normalArray(randomFrom(seed(1)), 8 * 27, 1);
    values[5 * 27 + 13] = -90;
    const found = outlierOf(floatTensor([8, 3, 3, 3], values), (offset, channel) => `${offset} ${channel}`);
    expect(found).toMatchObject({ channel: 5, index: [5, 1, 1, 1], value: -90, cause: '148 5' });
  });

  test('is none where all channels have one range', () => {
    expect(outlierOf(floatTensor([4, 2], Float32Array.of(1, -1, 1, 1, -1, 0.5, 0.9, 0)), () => '')).toBeNull();
  });

  test('of a merged FC3 is blamed on the branch whose batch norm was blown up', () => {
    const spec = buildModel('pure-mlp-small');
    const weights = new Map(randomizeBatchNorm(spec, initialWeights(spec, seed(1)), seed(2)));
    const { path, layer } = leavesOf(spec).filter((leaf) => isRepBlock(leaf.layer))[0];
    const K = isRepBlock(layer) ? layer.kernels[layer.kernels.length - 1] : 0;
    const name = joinPath(path, `repconv${K}.bn.weight`);
    const gamma = (weights.get(name) as Tensor).data.slice() as Float32Array;
    gamma[0] = 500;
    weights.set(name, floatTensor([gamma.length], gamma));
    const merged = mergeNetwork(spec, weights);
    const fc3 = joinPath(path, 'fc3.weight');
    const found = outlierOf(merged.weights.get(fc3) as Tensor, mergedCauses({ spec, weights })(fc3));
    expect(found?.cause).toContain(`the ${K}x${K} branch with its batch norm gives`);
  });
});
