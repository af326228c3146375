// What the explorer keeps: how matrices are looked at, over a reload of the window; and where one stood in them, for the way
// back. Invariant: a scale of signed weights that another theme brought gives way to that of the theme that is shown.
import { z } from 'zod';
import { COLOUR_SCALE_NAMES } from '@shared/colour/scales';
import { VALUE_TRANSFORMS } from '@shared/colour/transform';
import { addDeepView } from '../../studio/deep-view';
import { keepView } from '../../studio/kept-view';
import { addUndoableFields } from '../../studio/undo/parts';
import { explorer, followTheme, standAt } from './explorer';

const how = {
  mode: z.enum(['side', 'flicker', 'split']),
  layout: z.enum(['stored', 'blockDiagonal', 'gridOfGrids', 'byPosition', 'offsets']),
  panel: z.enum(['maps', 'kernel', 'figure5', 'lesson', 'view']),
};

keepView(
  'matrix',
  explorer,
  z.object({
    ...how,
    rule: z.enum(['mean', 'min', 'max', 'maxMagnitude']),
    map: z.enum(COLOUR_SCALE_NAMES),
    mapIn: z.enum(['light', 'dark']),
    transform: z.enum(VALUE_TRANSFORMS),
    magnitude: z.boolean(),
    shared: z.boolean(),
    markClipped: z.boolean(),
  }),
);
followTheme();
addUndoableFields({ name: 'matrix', stage: 'matrix', says: 'the view' }, explorer, ['limits', 'flickerShows', 'lit']);

const cell = z.object({ row: z.number(), column: z.number() }).nullable();

const place = z.object({
  ...how,
  splitAt: z.number(),
  panelOpen: z.boolean().nullable(),
  size: z.object({ rows: z.number(), columns: z.number() }),
  pictured: how.layout,
  camera: z.object({ x: z.number(), y: z.number(), zoom: z.number() }).nullable(),
  whole: z.boolean(),
  cursor: cell,
  pinned: cell,
});

addDeepView(
  'matrix',
  place,
  () => place.safeParse(explorer.getState()).data,
  ({ mode, layout, panel, splitAt, panelOpen, ...standing }) => {
    explorer.setState({ mode, layout, panel, splitAt, panelOpen });
    standAt(standing);
  },
  ['cursor'],
);
