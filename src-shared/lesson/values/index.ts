// The values that lessons' formulas may look at: the only list of them.
import { costValues, mergeValues, networkValues, trainingValues } from './network';
import { sceneValues } from './scene';
import type { LessonValue } from './value';

export type { LessonValue } from './value';

/** In the order of the manual, under their headings. */
export const VALUE_GROUPS: readonly (readonly [heading: string, values: readonly LessonValue[]])[] = [
  ['The app and its network', networkValues],
  ['The scene of the convolution stage', sceneValues],
  ['The merge', mergeValues],
  ['The cost', costValues],
  ['The training', trainingValues],
];

export const lessonValues: readonly LessonValue[] = VALUE_GROUPS.flatMap(([, values]) => values);
const byName = new Map(lessonValues.map((value) => [value.name, value]));

export function lessonValue(name: string): LessonValue | undefined {
  return byName.get(name);
}
