// What a press or an arrow on one of the three pictures means: the thing that is followed then. Pure, so that mouse, touch and
// keyboard are one. Invariant: the result exists in the model.
import { assertNever } from '@shared/base/assert-never';
import type { Followed } from '@shared/matrix/convolution-scene';
import type { InputPosition, OutputPosition } from '@shared/matrix/geometry';
import {
  cellOfFollowed,
  countOf,
  firstChannel,
  followedAt,
  indexOfFollowed,
  nearestFollowed,
  outputShape,
  placeAt,
  shownKernelSize,
  weightBetween,
  type ScenePlace,
} from '@shared/merge/convolution/positions';
import type { SceneModel, SceneSizes } from '@shared/merge/convolution/scene-model';
import { rowOf } from '@shared/matrix/geometry';

const clamped = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value));

/** The output whose window has its middle nearest to a place of the input. */
export function outputAbout({ sizes }: SceneModel, o: number, a: number, b: number): OutputPosition {
  const along = (place: number, count: number): number =>
    clamped(Math.round((place + sizes.pad - (sizes.K - 1) / 2) / sizes.stride), count);
  return { o, i: along(a, sizes.Ho), j: along(b, sizes.Wo) };
}

/** The pixel under the middle of an output's window, or the nearest there is. */
export function pixelAbout({ sizes }: SceneModel, { o, i, j }: OutputPosition): InputPosition {
  const along = (place: number, count: number): number => clamped(place * sizes.stride - sizes.pad + (sizes.K - 1) / 2, count);
  return { c: firstChannel(sizes, o), a: along(i, sizes.h), b: along(j, sizes.w) };
}

/** An output channel that reads input channel c: the one that is followed, if it does. */
function readerOf({ sizes, scene: { follow } }: SceneModel, c: number): number {
  const perGroup = sizes.O / sizes.groups;
  const first = Math.floor(c / (sizes.C / sizes.groups)) * perGroup;
  const own = 'o' in follow ? follow.o : first;
  return own >= first && own < first + perGroup ? own : first;
}

/** A press on the input at channel c, place (a, b), which may lie in the zeros around it. */
export function pressOnInput(model: SceneModel, c: number, a: number, b: number): Followed {
  const { follow } = model.scene;
  const pixel = { c, a: clamped(a, model.sizes.h), b: clamped(b, model.sizes.w) };
  if (follow.kind === 'pixel') return { kind: 'pixel', ...pixel };
  if (follow.kind === 'cell') return { ...follow, ...pixel };
  return { kind: 'window', ...outputAbout(model, readerOf(model, c), a, b) };
}

/** A press on the output. */
export function pressOnOutput(model: SceneModel, output: OutputPosition): Followed {
  const { follow } = model.scene;
  if (follow.kind === 'pixel') return { kind: 'pixel', ...pixelAbout(model, output) };
  if (follow.kind === 'cell') return { ...follow, ...output };
  return { kind: 'window', ...output };
}

/** A press on a cell of the matrix; of weights, only cells that hold one change anything. */
export function pressOnMatrix(model: SceneModel, row: number, column: number): Followed {
  const { follow } = model.scene;
  const place = placeAt(model.sizes, row, column);
  switch (follow.kind) {
    case 'window':
      return { kind: 'window', o: place.o, i: place.i, j: place.j };
    case 'pixel':
      return { kind: 'pixel', c: place.c, a: place.a, b: place.b };
    case 'weight': {
      const weight = weightBetween(model, place);
      return weight ? { kind: 'weight', ...weight } : follow;
    }
    case 'cell':
      return { kind: 'cell', ...place };
    default:
      return assertNever(follow);
  }
}

/** Arrows on input or output: down and across in the picture. Of a cell, the picture's own place moves. */
export function moveInPicture(model: SceneModel, picture: 'input' | 'output', down: number, across: number): Followed {
  const { follow } = model.scene;
  const { h, w, Ho, Wo } = model.sizes;
  const K = shownKernelSize(model);
  const pixel = ({ a, b }: { a: number; b: number }) => ({ a: clamped(a + down, h), b: clamped(b + across, w) });
  const output = ({ i, j }: { i: number; j: number }) => ({ i: clamped(i + down, Ho), j: clamped(j + across, Wo) });
  switch (follow.kind) {
    case 'window':
      return { ...follow, ...output(follow) };
    case 'pixel':
      return { ...follow, ...pixel(follow) };
    case 'weight':
      return { ...follow, u: clamped(follow.u + down, K), v: clamped(follow.v + across, K) };
    case 'cell':
      return picture === 'input' ? { ...follow, ...pixel(follow) } : { ...follow, ...output(follow) };
    default:
      return assertNever(follow);
  }
}

/** Arrows on the matrix: a row moves up and down, a column left and right, a weight on to the next one, a cell anywhere. */
export function moveInMatrix(model: SceneModel, down: number, across: number): Followed {
  const { follow } = model.scene;
  const { sizes } = model;
  if (follow.kind === 'cell') {
    const row = clamped(rowOf(outputShape(sizes), follow) + down, sizes.rows);
    const column = clamped((follow.c * sizes.h + follow.a) * sizes.w + follow.b + across, sizes.columns);
    return { kind: 'cell', ...placeAt(sizes, row, column) };
  }
  const by = follow.kind === 'window' ? down : follow.kind === 'pixel' ? across : down + across;
  return followedAt(model, follow.kind, indexOfFollowed(model, follow) + by);
}

/** The first or the last of what is followed. */
export function endOf(model: SceneModel, last: boolean): Followed {
  const { kind } = model.scene.follow;
  return followedAt(model, kind, last ? countOf(model, kind) - 1 : 0);
}

/** What is followed now as another kind of thing: what one looks at stays in sight. */
export function asKind(model: SceneModel, kind: Followed['kind']): Followed {
  const { sizes } = model;
  const place = placeOfFollowed(model);
  const { o, i, j, c, a, b } = place;
  if (kind === 'window') return nearestFollowed(model, { kind, o, i, j });
  if (kind === 'pixel') return nearestFollowed(model, { kind, c, a, b });
  if (kind === 'cell') return nearestFollowed(model, { kind, o, i, j, c, a, b });
  return { kind, ...(weightBetween(model, place) ?? middleWeight(sizes, o, shownKernelSize(model))) };
}

/** A window with the pixel under its middle, a pixel with the window about it; of a weight a cell that holds it. */
function placeOfFollowed(model: SceneModel): ScenePlace {
  const { follow } = model.scene;
  if (follow.kind === 'window') return { ...follow, ...pixelAbout(model, follow) };
  if (follow.kind === 'pixel') return { ...follow, ...outputAbout(model, readerOf(model, follow.c), follow.a, follow.b) };
  return cellOfFollowed(model);
}

function middleWeight({ O }: SceneSizes, o: number, K: number): { o: number; c: number; u: number; v: number } {
  return { o: clamped(o, O), c: 0, u: K >> 1, v: K >> 1 };
}
