// Norms of layers from those of their parameters: the norm of all of a layer's numbers together.
import type { NormsEvent } from '@shared/run/norms';
import type { ParameterNorm } from '@shared/training/recipe/recipe';

export interface LayerNorm {
  readonly layer: string;
  readonly weight: number;
  readonly gradient: number;
}

/** One entry per layer (a parameter's name without its last part), in the order of the parameters. */
export function layerNorms(parameters: readonly ParameterNorm[]): LayerNorm[] {
  const layers = new Map<string, LayerNorm>();
  for (const { name, weight, gradient } of parameters) {
    const layer = name.split('.').slice(0, -1).join('.');
    const before = layers.get(layer) ?? { layer, weight: 0, gradient: 0 };
    layers.set(layer, { layer, weight: Math.hypot(before.weight, weight), gradient: Math.hypot(before.gradient, gradient) });
  }
  return [...layers.values()];
}

/** The norms of one layer, epoch by epoch. */
export function layerCourse(
  events: readonly NormsEvent[],
  layer: string,
): { readonly epochs: number[]; readonly weights: number[]; readonly gradients: number[] } {
  const rows = events.flatMap(({ epoch, parameters }) => {
    const own = layerNorms(parameters).find((row) => row.layer === layer);
    return own === undefined ? [] : [{ epoch, ...own }];
  });
  return {
    epochs: rows.map(({ epoch }) => epoch),
    weights: rows.map(({ weight }) => weight),
    gradients: rows.map(({ gradient }) => gradient),
  };
}
