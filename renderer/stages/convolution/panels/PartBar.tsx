// The parts of a sum as small matrices with the signs between them, all on one scale: a press shows one in the middle. Below, what
// running them one by one gives against the one matrix.
import { useMemo } from 'react';
import { equalityOf, linearPart, partsOf, type ScenePart, type SceneModel } from '@shared/merge/convolution/scene-model';
import { valueText } from '@shared/merge/convolution/words';
import type { Paint } from '../pictures/grid';
import { GridPicture } from '../pictures/GridPicture';
import { largestOf, useSignedPaint } from '../pictures/paints';
import { showPart } from '../scene';
import { partName } from './part-names';

export interface ShownParts {
  readonly matrices: ReadonlyMap<ScenePart, Float64Array>;
  /** Largest magnitude of all of them. */
  readonly limit: number;
}

/** Every part that can be shown, as matrices that share a scale. */
export function useParts(model: SceneModel): ShownParts {
  const { scene, fc } = model;
  const { kernels, folded, C, O, groups, h, w, pad, stride } = scene;
  return useMemo(() => {
    const matrices = new Map(partsOf(scene).map((part) => [part, linearPart(scene, fc, part).matrix]));
    return { matrices, limit: largestOf(...matrices.values()) };
    // What else changes in a scene, such as what is followed, leaves the matrices as they are.
  }, [kernels, folded, fc, C, O, groups, h, w, pad, stride]);
}

interface PartBarProps {
  readonly model: SceneModel;
  readonly parts: ShownParts;
}

/** The summands in their order, then what they make. */
function equationOf({ scene }: SceneModel): { readonly summands: readonly ScenePart[]; readonly sum: ScenePart | null } {
  const parts = partsOf(scene);
  if (scene.fc) return { summands: ['fc', parts.includes('kernels') ? 'kernels' : 0], sum: parts.includes('whole') ? 'whole' : null };
  return { summands: parts.filter((part) => typeof part === 'number'), sum: parts.includes('whole') ? 'whole' : null };
}

export function PartBar({ model, parts }: PartBarProps) {
  const colour = useSignedPaint(parts.limit);
  if (parts.matrices.size < 2) return null;
  const { summands, sum } = equationOf(model);
  return (
    <div className="part-bar" role="group" aria-label="Parts of the sum" data-testid="convolution-part">
      {summands.map((part, k) => (
        <div key={part} className="part-term">
          {k > 0 && <span className="part-sign">+</span>}
          <PartThumb model={model} part={part} parts={parts} paint={colour} />
        </div>
      ))}
      {sum !== null && (
        <div className="part-term">
          <span className="part-sign">=</span>
          <PartThumb model={model} part={sum} parts={parts} paint={colour} />
        </div>
      )}
    </div>
  );
}

interface PartThumbProps extends PartBarProps {
  readonly part: ScenePart;
  readonly paint: Paint;
}

function PartThumb({ model: { scene, sizes, shown }, part, parts, paint }: PartThumbProps) {
  const values = parts.matrices.get(part);
  const { rows, columns } = sizes;
  const grid = useMemo(() => (values ? { rows, columns, values } : null), [rows, columns, values]);
  const name = partName(scene, part);
  return (
    <button
      type="button"
      className="part-thumb"
      aria-pressed={shown.part === part}
      data-testid={`part-${part}`}
      onClick={() => showPart(part)}
    >
      {grid && <GridPicture grid={grid} paint={paint} label={`${name} as a matrix`} testId={`part-picture-${part}`} tabled={false} />}
      <span>{name}</span>
    </button>
  );
}

/** Largest difference that rounding in double precision explains, in parts of the largest output. */
const ROUNDING = 1e-12;

/** Whether one matrix gives what its parts give one by one: computed on the picture that is shown. */
export function Equality({ model }: { readonly model: SceneModel }) {
  const { scene, fc } = model;
  const { largestDifference, apart } = useMemo(() => equalityOf(model), [model.picture, fc, scene.kernels, scene.pad, scene.stride]);
  if (scene.kernels.length < 2 && !fc && scene.kernels.every(({ norm }) => norm === null)) return null;
  const same = largestDifference <= ROUNDING * Math.max(1, largestOf(apart));
  const norms = scene.kernels.some(({ norm }) => norm !== null);
  return (
    <p className={same ? 'equality same' : 'equality says-error'} role={same ? undefined : 'alert'} data-testid="convolution-equality">
      <b>{same ? 'The same output.' : 'Not the same output.'}</b>{' '}
      {`${norms ? 'Batch norms after their kernels' : 'One by one'}, then added, against one matrix: largest difference ${valueText(largestDifference)}.`}
    </p>
  );
}
