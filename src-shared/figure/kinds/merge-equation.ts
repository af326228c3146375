// The merge of one block as the paper writes it, a step an equation between its arrays: one step, or all of them below each
// other; as a film, one step after the other on one scale.
import { z } from 'zod';
import { UserError } from '../../base/user-error';
import { COLOUR_SCALE_NAMES, colourScale, type ColourScaleName } from '../../colour/scales';
import { repBlockAt } from '../../merge/block-at';
import { equationOf, shownStep, type ArrayTerm, type ShownStep, type Term } from '../../merge/equation';
import { mergeSteps } from '../../merge/mathematics/steps';
import { mergeStepSchema } from '../../merge/report';
import { blockPath } from '../block-of';
import { figureKind } from '../kind';
import type { DisplayList } from '../page/display-list';
import { equationMarks, isStretched } from '../page/equation';
import { MOST_CELLS } from '../page/heat-map';
import { assemble, figureNumber, note, pageOf, paragraph, titleBlock, type Page, type Placed } from '../page/layout';
import { colourBar } from '../page/legend';
import { blockName } from '../page/pattern-sheet';
import { scaleOf } from '../page/sharing';
import { plainScale, type ValueScale } from '../page/value-scale';
import { recipeSchema, sourceSchema } from '../recipe';

const STEP_IDS = mergeStepSchema.shape.id.options;
const schema = recipeSchema('merge-equation', {
  source: sourceSchema,
  /** The step; all of them, below each other, where it is left out. */
  step: z.enum(STEP_IDS).optional(),
  /** Whether every array has a scale of its own, or all weights one and all vectors another. */
  scaling: z.enum(['own', 'one']),
  colours: z.enum(COLOUR_SCALE_NAMES),
});
type MergeEquationRecipe = z.infer<typeof schema>;

const STEP_NAMES: Readonly<Record<(typeof STEP_IDS)[number], string>> = {
  'bn-into-fc': "FC3's batch norm into FC3",
  'bn-into-conv': 'batch norms into the convolutions',
  pad: 'kernels padded and added',
  'conv-to-fc': 'the convolution as a matrix',
  add: 'the matrices added',
  'pool-bn-into-fc1': "the pooling's batch norm into FC1",
};

export const mergeEquation = figureKind(schema)({
  kind: 'merge-equation',
  title: 'Merge as equations',
  says: 'a step of the merge of one block, or all of them',
  about: 'block',
  isOfBlock: true,
  start: (head, { source }) => ({ ...head, kind: 'merge-equation', source, scaling: 'own', colours: 'blue-orange' }),
  form: ({ step, scaling, colours }) => [
    {
      field: 'step',
      widget: 'choice',
      label: 'Step',
      value: step,
      options: [[undefined, 'all steps'], ...STEP_IDS.map((id) => [id, STEP_NAMES[id]] as const)],
    },
    {
      field: 'scaling',
      widget: 'choice',
      label: 'Colour scales',
      value: scaling,
      options: [
        ['own', 'each its own'],
        ['one', 'one for weights, one for vectors'],
      ],
    },
    {
      field: 'colours',
      widget: 'choice',
      label: 'Colours',
      value: colours,
      options: COLOUR_SCALE_NAMES.map((name) => [name, colourScale(name).label]),
    },
  ],
  read: async ({ source }, sources): Promise<StepsOfBlock> => {
    const { spec, weights } = await sources.network(source);
    const path = blockPath(spec, source);
    const block = repBlockAt(spec, path);
    if (block.form === 'merged')
      throw new UserError(`block '${path}' is merged already: its steps cannot be drawn; name the training-form weights`);
    return { path, steps: mergeSteps(block, weights, path).map((step) => shownStep(step, MOST_CELLS)) };
  },
  draw: (recipe, data) => drawSteps(recipe, data, stepsAsked(recipe, data)),
  frames: (recipe, data) =>
    data.steps.map((step, i) => () => drawSteps({ ...recipe, scaling: 'one' }, data, [step], `${i + 1} of ${data.steps.length}: `)),
});

/** The steps of a block's merge, each array at most as large as is drawn. */
interface StepsOfBlock {
  readonly path: string;
  readonly steps: readonly ShownStep[];
}

/** Throws UserError, naming the steps there are, where the one asked for is none of them. */
function stepsAsked({ step }: MergeEquationRecipe, { path, steps }: StepsOfBlock): readonly ShownStep[] {
  const asked = step === undefined ? steps : steps.filter(({ id }) => id === step);
  if (asked.length > 0) return asked;
  throw new UserError(`the merge of ${blockName(path)} has no step "${step}"; its steps: ${steps.map(({ id }) => id).join(', ')}`);
}

/** The scale of all weights, and that of all factors and biases: each is compared with its like. */
interface Scales {
  readonly weights: ValueScale;
  readonly vectors: ValueScale;
}

/** One scale is that of all steps, whichever are drawn: frames of a film are compared with each other. Throws RangeError for NaN or infinity. */
function scalesOf({ layout, colours }: MergeEquationRecipe, steps: readonly ShownStep[]): Scales {
  const all = steps.flatMap(({ before, after }) => [...before, ...after]);
  const scaleFor = (quantity: string, vectors: boolean): ValueScale => {
    const arrays = all.filter(({ shape }) => (shape.length === 1) === vectors).map(({ picture }) => picture.data);
    return scaleOf({ layout }, { quantity, colours, arrays, transform: 'linear' });
  };
  return { weights: scaleFor('weights', false), vectors: scaleFor('factors and biases', true) };
}

function drawSteps(recipe: MergeEquationRecipe, { path, steps: all }: StepsOfBlock, steps: readonly ShownStep[], before = ''): DisplayList {
  const page = pageOf(recipe.layout);
  const scales = recipe.scaling === 'one' ? scalesOf(recipe, all) : null;
  const pieces: Placed[] = [titleBlock(page, recipe.layout.title)];
  const bottom = (): number => pieces[pieces.length - 1].bottom;
  const lines = steps.map(equationOf);
  steps.forEach((step, i) =>
    pieces.push(stepMarks(page, bottom() + page.small * 0.4, { ...step, title: before + step.title }, lines[i], scales, recipe.colours)),
  );
  pieces.push(...bars(page, bottom() + page.small * 0.4, scales, recipe.colours));
  const text = [
    `The merge of ${blockName(path)}${steps.length === 1 ? `: ${steps[0].title}, ${steps[0].formula}` : ', step by step'}.`,
    scales === null
      ? 'Every array has colours of its own: linear, zero in the middle, the ends its largest magnitude.'
      : `Colours, those of all steps: weights ${scales.weights.rule}; vectors ${scales.vectors.rule}.`,
    'Dark frames: what the step makes.',
    ...(lines.flat(2).some((term) => term.kind === 'array' && isStretched(term)) ? ['Cells are not all square.'] : []),
  ].join(' ');
  const description = `${text} ${steps.map((step, i) => `${step.title}: ${lines[i].map(lineText).join('; ')}.`).join(' ')}`;
  return assemble(page, { title: recipe.layout.title ?? `Merge of ${blockName(path)}`, description }, [
    ...pieces,
    note(page, bottom(), text),
  ]);
}

function stepMarks(
  page: Page,
  top: number,
  step: ShownStep,
  lines: readonly (readonly Term[])[],
  scales: Scales | null,
  colours: ColourScaleName,
): Placed {
  const room = page.right - page.left;
  const title = paragraph(page.left, top, step.title, page.size, room, { bold: true });
  const formula = paragraph(page.left, title.bottom, step.formula, page.small, room);
  const scaleOfArray = ({ array }: ArrayTerm): ValueScale =>
    scales === null ? plainScale(array.picture.largest) : array.shape.length === 1 ? scales.vectors : scales.weights;
  const equation = equationMarks(page, formula.bottom + page.small * 0.3, lines, { scaleOf: scaleOfArray, colours, name: step.id });
  return { marks: [title, formula, equation].flatMap(({ marks }) => marks), bottom: equation.bottom };
}

/** The bar of every array's own scale, or those of weights and of vectors. */
function bars(page: Page, top: number, scales: Scales | null, colours: ColourScaleName): Placed[] {
  const ends = { value: 1, label: 'its largest' };
  const own = { ...plainScale(1), ticks: [{ value: -1, label: '−its largest' }, { value: 0, label: '0' }, ends] };
  const shown =
    scales === null
      ? [['', own] as const]
      : (['weights', 'vectors'] as const).flatMap((name) =>
          // The bar of a scale that other panels have, too, stands below them all.
          page.layout.shared?.isShared(scales[name]) ? [] : [[name, scales[name]] as const],
        );
  let at = top;
  return shown.map(([name, scale]) => {
    const middle = (page.left + page.right) / 2;
    const heading =
      name === '' ? { marks: [], bottom: at } : paragraph(middle, at, name, page.small, page.right - page.left, { anchor: 'middle' });
    const bar = colourBar(page, heading.bottom + 1, scale, colours);
    at = bar.bottom + 2;
    return { marks: [...heading.marks, ...bar.marks], bottom: at };
  });
}

/** A line of the equation in words. */
function lineText(line: readonly Term[]): string {
  return line
    .map((term) =>
      term.kind === 'sign'
        ? term.text
        : `${term.array.label} (${term.array.shape.join(' x ')}, largest magnitude ${figureNumber(term.array.picture.largest)})`,
    )
    .join(' ');
}
