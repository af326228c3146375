// What the training form of a group of a family runs, as far as its recipe tells it: its layers each on the map, its batch norms.
// A group whose branches are built into one kernel at every step runs no branch: of it the recipe tells no count.
import type { Group } from '../merge/recipes/bind-group';
import { operandsOf } from '../merge/recipes/evaluate';
import type { Recipe } from '../merge/recipes/schema';
import { groupsShown, isKernel } from '../merge/kernel-matrix';
import type { TensorInfo } from '../tensor/tensor';
import type { CountedLayer } from './kernel-ledger';

/** Shapes by name. */
type Shapes = ReadonlyMap<string, Pick<TensorInfo, 'shape'>>;

/** The layers of a group in training form, in the recipe's order; null where its recipe does not tell what is run. */
export function trainLayersOf({ recipe, parts }: Pick<Group, 'recipe' | 'parts'>, shapes: Shapes): CountedLayer[] | null {
  if (!runsItsLayers(recipe)) return null;
  const shapeOf = (name: string): readonly number[] => shapes.get(name)?.shape ?? [];
  const weights = [...parts.values()].flat().flatMap(({ names }) => names.weight ?? []);
  const onMap = weights.some((name) => isKernel(shapeOf(name)));
  return Object.entries(recipe.parts).flatMap(([part, { kind }]) =>
    (parts.get(part) ?? []).flatMap(({ names }): CountedLayer[] => {
      const path = moduleOf(names.weight ?? names.mean ?? '');
      if (kind === 'norm') return [{ kind, path, channels: shapeOf(names.mean)[0] ?? 0, learned: names.weight !== undefined, onMap }];
      if (kind === 'tensor') return [];
      const shape = asLayer(shapeOf(names.weight));
      return [{ kind: 'kernel', path, shape, hasBias: names.bias !== undefined, groups: isKernel(shape) ? groupsShown(shape) : 1 }];
    }),
  );
}

/** Whether every tensor that is no layer only scales or shifts, and no kernel is computed from another. */
function runsItsLayers({ parts, steps }: Recipe): boolean {
  const isTensor = (name: string): boolean => parts[name]?.kind === 'tensor';
  return steps.every((step) => {
    if (step.op === 'refocus' || step.op === 'convToFc') return false;
    if (step.op === 'scale') return !isTensor(step.of);
    return step.op === 'foldShiftBefore' ? !isTensor(step.of) : !operandsOf(step).maps.some(isTensor);
  });
}

function moduleOf(name: string): string {
  return name.replace(/\.?(weight|running_mean)$/, '');
}

/** A convolution over one axis with one tap is the matrix it is. */
function asLayer(shape: readonly number[]): readonly number[] {
  return shape.length === 3 && shape[2] === 1 ? shape.slice(0, 2) : shape;
}
