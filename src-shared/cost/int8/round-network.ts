// A network's weights as int8 holds them, and how much of each is lost. Rounded are the weights of convolutions and fully-connected
// layers, which have two axes or more; what has one value per channel stays as it is, as on every int8 runtime.
import { leafParameters } from '../../model/parameters';
import { leavesOf } from '../../model/walk';
import type { WeightedNetwork } from '../../merge/merge-network';
import { toFloat32 } from '../../tensor/convert';
import { decibels, INT8_SCALES, throughInt8, type Int8Scales } from '../../tensor/int8';
import type { FloatTensor, NamedTensors, Tensor } from '../../tensor/tensor';
import type { PerScales } from './report';

/** The rounded weights alone, by name, with one scale per tensor and with one per channel. */
export interface RoundedNetwork {
  readonly tensor: NamedTensors;
  readonly channel: NamedTensors;
  /** Signal to noise of each, in dB. */
  readonly snr: ReadonlyMap<string, PerScales>;
}

/** Rounds every weight of two axes or more; side heads, which do not run, are left out. */
export function roundNetwork({ spec, weights }: WeightedNetwork): RoundedNetwork {
  const made = { tensor: new Map<string, Tensor>(), channel: new Map<string, Tensor>(), snr: new Map<string, PerScales>() };
  for (const { layer, path, training } of leavesOf(spec)) {
    if (training) continue;
    for (const { name, role, shape } of leafParameters(layer, path)) {
      const tensor = weights.get(name);
      if (role !== 'weight' || shape.length < 2 || tensor === undefined) continue;
      const own = toFloat32(tensor);
      const rounded = Object.fromEntries(INT8_SCALES.map((scales) => [scales, throughInt8(own, scales)])) as Record<
        Int8Scales,
        FloatTensor
      >;
      for (const scales of INT8_SCALES) made[scales].set(name, rounded[scales]);
      made.snr.set(name, { tensor: weightSnr(own, rounded.tensor), channel: weightSnr(own, rounded.channel) });
    }
  }
  return made;
}

/** All of a network's weights, those that are rounded in place of its own. */
export function withRounded(weights: NamedTensors, rounded: NamedTensors): NamedTensors {
  return new Map([...weights].map(([name, tensor]) => [name, rounded.get(name) ?? tensor]));
}

function weightSnr({ data }: FloatTensor, { data: rounded }: FloatTensor): number {
  let [signal, noise] = [0, 0];
  for (let i = 0; i < data.length; i++) {
    signal += data[i] * data[i];
    noise += (data[i] - rounded[i]) ** 2;
  }
  return decibels(signal, noise);
}
