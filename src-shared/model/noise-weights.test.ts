// Weights for measurements.
import { expect, test } from 'vitest';
import { mergedSpec } from './merged-spec';
import { isFitting, fitOf } from './fit';
import { noiseWeights } from './noise-weights';
import { buildModel } from './zoo';

test.each(['repmlpnet-t224', 'pure-mlp-small', 'wide-convnet-cifar'])(
  'noise fits both forms of %s, and scales and variances are positive',
  (name) => {
    const train = buildModel(name);
    for (const spec of [train, mergedSpec(train)]) {
      const weights = noiseWeights(spec);
      const infos = [...weights].map(([tensor, { shape, dtype }]) => ({ name: tensor, shape, dtype }));
      expect(isFitting(fitOf(spec, infos))).toBe(true);
      for (const [tensor, { data }] of weights)
        if (tensor.endsWith('running_var')) expect(Math.min(...(data as Float32Array))).toBeGreaterThan(0.5);
    }
  },
);
