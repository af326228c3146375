// What the training benchmark trains: networks of the zoo, and single blocks of the larger ones with the
// shapes they have inside their network, each with a classifier so that there is a loss.
import { bottleneckBlock, repMlp, repMlpNetUnit } from '../../src-shared/model/blocks';
import { classifier, convBn, maxPool, relu } from '../../src-shared/model/layers';
import type { LayerSpec, NetworkSpec } from '../../src-shared/model/spec';
import { buildModel } from '../../src-shared/model/zoo';

export interface Workload {
  readonly name: string;
  readonly batch: number;
  readonly spec: NetworkSpec;
}

/** Stem 1x1, stages of 16/32/64 channels at 32/16/8 pixels with one RepMLP each: h = w = 8, 8 channels per group, K = 1, 3, 5. */
function threeStages(): NetworkSpec {
  const channels = [16, 32, 64];
  const stages = channels.flatMap((C, i): LayerSpec[] => {
    const size = 32 / 2 ** i;
    const settings = { C, O: C, H: size, W: size, h: 8, w: 8, kernels: [1, 3, 5], reduction: 4, groups: C / 8 };
    const name = `stage${i + 1}`;
    const down = i + 1 < channels.length ? [maxPool(`${name}.pool`, 2, 2), convBn(`${name}.down`, C, 2 * C, 1, 'relu')] : [];
    return [repMlp(`${name}.mix`, settings), relu(`${name}.relu`), convBn(`${name}.fc`, C, C, 1, 'relu'), ...down];
  });
  return imageNetwork('three-stages', 32, 3, [convBn('stem', 3, 16, 1, 'relu'), ...stages, ...classifier('fc', 64, 10)]);
}

/** The c4 bottleneck of RepMLP-Res50 on a 14 x 14 map: g = 8, r = 4, partitions of 7 x 7. */
function resNetBlock(): NetworkSpec {
  const settings = { in: 1024, mid: 256, out: 1024, H: 14, W: 14, h: 7, w: 7, kernels: [1, 3, 5], reduction: 1, groups: 8, r: 4 };
  return imageNetwork('repmlp-res50-block', 14, 1024, [bottleneckBlock('block', settings), ...classifier('fc', 1024, 10)]);
}

/** A unit of RepMLPNet-T224's third stage: 256 channels in 16 share-sets on a 14 x 14 map, one partition. */
function repMlpNetUnitNetwork(): NetworkSpec {
  const settings = { C: 256, h: 14, w: 14, kernels: [1, 3], reduction: 4, shareSets: 16 };
  return imageNetwork('repmlpnet-t224-unit', 14, 256, [repMlpNetUnit('unit', settings, 4), ...classifier('fc', 256, 10)]);
}

function imageNetwork(name: string, size: number, channels: number, layers: readonly LayerSpec[]): NetworkSpec {
  const input = { channels, height: size, width: size };
  return { format: 'repmlp-network', version: 1, name, task: 'classification', form: 'train', input, layers };
}

/** By the names that the command line takes. */
export function workloads(): readonly Workload[] {
  return [
    { name: 'three-stages', batch: 64, spec: threeStages() },
    { name: 'pure-mlp-small', batch: 64, spec: buildModel('pure-mlp-small') },
    { name: 'pure-mlp-cifar', batch: 32, spec: buildModel('pure-mlp-cifar') },
    { name: 'repmlp-res50-block', batch: 8, spec: resNetBlock() },
    { name: 'repmlpnet-t224-unit', batch: 8, spec: repMlpNetUnitNetwork() },
  ];
}
