// `state`: what the app is made to show when the step is reached.
import type { z } from 'zod';
import { strictObject } from '../../model/strict-object';
import { preparedStateSchema, type PreparedState } from '../prepared-state';
import { stepKind } from './kind';

export const stateKind = stepKind({
  kind: 'state',
  says: 'prepares the app when the step is reached: stage, scene, network, data, and what is hidden or locked',
  schema: preparedStateSchema as z.ZodType<PreparedState>,
  words: strictObject({}),
  formulas: () => [],
  texts: () => [],
  problems: () => [],
  fields: [
    ['stage', 'the stage that is shown'],
    ['scene', 'the scene of the convolution stage: picture, kernels, `pad`, `stride`, channels and so on (see "Scenes" below)'],
    ['network', '`{model: NAME, set: {KEY: VALUE}}`, an entry of the zoo with its settings'],
    ['data', '`{embedded: NAME, seed: N, samples: N}`, data drawn by the program'],
    ['training', '`{epochs: N, seed: N}`, for the next training'],
    ['planted', '`{fault: NAME, block: NAME}`: the bundled network is merged with a mistake and judged'],
    ['hide', 'a list of parts that are not shown until the next prepared state'],
    ['lock', 'a list of parts that cannot be changed until the next prepared state'],
  ],
  example: 'stage: convolution\nscene:\n  h: 5\n  w: 5\n  pad: 1\nlock: [scene-kernel]',
});
