// One of the three matrices of a block (FC3 before its merge, what the branches add, FC3 after it), reduced to what a page
// shows: many of them on one sheet, or in one film, are kept so. Each cell of the picture is the strongest of what it stands for,
// so that the largest magnitude is that of the whole.
import { z } from 'zod';
import { COLOUR_SCALE_NAMES, colourScale } from '../../colour/scales';
import { valueTransform } from '../../colour/transform';
import type { BlockMatrices } from '../../merge/report';
import { reduceMatrix, type ReducedMatrix } from '../../matrix/reduce-to-page';
import type { ChoiceField } from '../kind';

/** Fields of figures of many matrices. Ranks and ratios need every weight, pictures have them no more. */
export const stageFields = {
  /** After where left out. */
  stage: z.enum(['before', 'added', 'after']).optional(),
  colours: z.enum(COLOUR_SCALE_NAMES),
  transform: z.enum(['linear', 'symlog']),
};
type Stage = 'before' | 'added' | 'after';
export interface StageChoice {
  readonly stage?: Stage;
  readonly colours: (typeof COLOUR_SCALE_NAMES)[number];
  readonly transform: 'linear' | 'symlog';
}

export const STAGE_START = { stage: 'after', colours: 'blue-orange', transform: 'symlog' } as const;

/** Most cells along a side of a picture. */
const CELLS = 320;

/** A matrix as a picture, its size before that. */
export interface StagePicture extends ReducedMatrix {
  readonly whole: { readonly rows: number; readonly columns: number };
}

/** The picture of a stage's matrix. */
export function stagePicture(matrices: BlockMatrices, stage: Stage = 'after'): StagePicture {
  const { rows, columns } = matrices;
  return { ...reduceMatrix(matrices[stage], rows, columns, CELLS), whole: { rows, columns } };
}

/** What a stage shows, in words. */
export function stageText(stage: Stage = 'after'): string {
  return { before: 'FC3 before merging', added: 'what the conv branches add', after: 'FC3 after merging' }[stage];
}

/** How pictures were reduced, in words. */
export function reductionText(pictures: readonly StagePicture[]): string {
  const reduced = pictures.filter(({ factor }) => factor > 1).length;
  if (reduced === 0) return 'Every weight is drawn.';
  return `${reduced === pictures.length ? 'Each pixel' : 'Each pixel of the large ones'} shows the weight of largest magnitude of those it stands for.`;
}

/** The form's fields of a choice. */
export function stageForm({ stage = 'after', colours, transform }: StageChoice) {
  const choice = <F extends keyof StageChoice>(field: F, label: string, value: ChoiceField['value'], options: ChoiceField['options']) =>
    ({ field, widget: 'choice', label, value, options }) as const;
  return [
    choice('stage', 'Matrix', stage, [
      ['after', 'after merging'],
      ['before', 'before merging'],
      ['added', 'added by the branches'],
    ]),
    choice(
      'colours',
      'Colours',
      colours,
      COLOUR_SCALE_NAMES.map((name) => [name, colourScale(name).label]),
    ),
    choice(
      'transform',
      'Values',
      transform,
      (['symlog', 'linear'] as const).map((name) => [name, valueTransform(name).label]),
    ),
  ];
}
