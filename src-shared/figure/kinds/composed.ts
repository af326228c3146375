// Several figures as panels of one, in a grid: lettered, on one scale where they show numbers of one quantity in one way, with
// axes of the same limits, and one bar for each shared scale. A panel is a figure's recipe; size and manner are the sheet's.
import { z } from 'zod';
import { isRecord } from '../../base/is-record';
import { figureKind, type FigureSources, type FormField, type ReadFigure } from '../kind';
import { recipeSchema, type AnyRecipe, type FigureSource } from '../recipe';
import { drawComposed, type ReadComposition, type ReadPanel } from './composed-sheet';

/** Most panels: there are letters for so many. */
export const MOST_PANELS = 26;
export const MOST_COLUMNS = 6;

/** What a kind needs to be a panel's. */
interface PanelKind<Recipe extends AnyRecipe> {
  readonly kind: Recipe['kind'];
  readonly title: string;
  readonly schema: z.ZodType<Recipe>;
  lacks(recipe: AnyRecipe): string | null;
  read(recipe: AnyRecipe, sources: FigureSources): Promise<ReadFigure>;
}

/** The kind of figures composed of those of other kinds. */
export function composedOf<Recipe extends AnyRecipe>(kinds: readonly PanelKind<Recipe>[]) {
  const schema = recipeSchema('composed', {
    columns: z.number().int().min(1, 'there is one column at least').max(MOST_COLUMNS, `there are at most ${MOST_COLUMNS} columns`),
    panels: z
      .array(
        z.strictObject({
          recipe: panelRecipe(kinds),
          /** Over the panel; its kind's title where left out, none where empty. */
          heading: z.string().optional(),
          /** Columns it takes; one. */
          span: z.number().int().min(1, 'a panel takes one column at least').max(MOST_COLUMNS).optional(),
        }),
      )
      .max(MOST_PANELS, `a figure has at most ${MOST_PANELS} panels: there are letters for so many`),
    /** Whether numbers of one quantity, drawn in one way, have one scale in all panels. */
    scale: z.enum(['shared', 'own']),
    /** Whether axes of one name have the same limits in all panels. */
    axes: z.enum(['aligned', 'own']),
  });
  const kindOf = ({ kind }: Recipe): PanelKind<Recipe> => {
    const found = kinds.find((one) => one.kind === kind);
    if (found === undefined) throw new TypeError(`no panel is of kind ${kind}`);
    return found;
  };
  const titleOf = (panel: { readonly recipe: Recipe; readonly heading?: string }): string => panel.heading ?? kindOf(panel.recipe).title;
  return figureKind(schema)({
    kind: 'composed',
    title: 'Composed of panels',
    says: 'several figures in a grid, (a) (b) (c)',
    about: 'nothing',
    start: ({ layout, ...head }) => ({
      ...head,
      layout: { ...layout, letters: layout.letters ?? '(a)' },
      kind: 'composed',
      columns: 2,
      panels: [],
      scale: 'shared',
      axes: 'aligned',
    }),
    form: ({ columns, scale, axes }) => [...composedForm(columns, scale, axes)],
    lacks: ({ panels }) => {
      if (panels.length === 0) return 'It has no panel yet: add one, or open another figure and choose "Add to composed".';
      const lacking = panels.map(({ recipe }) => kindOf(recipe).lacks(recipe));
      const first = lacking.findIndex((reason) => reason !== null);
      return first < 0 ? null : `Panel ${first + 1}: ${lacking[first]}`;
    },
    read: async ({ panels }, sources): Promise<ReadComposition> => {
      const once = readOnce(sources);
      const read: ReadPanel[] = [];
      // One after the other: each reads the weights it shows, those of a file read already are there.
      for (const panel of panels) {
        const figure = await kindOf(panel.recipe).read(panel.recipe, once);
        read.push({ figure, heading: titleOf(panel), span: panel.span ?? 1, layout: panel.recipe.layout });
      }
      return { panels: read, settled: new Map() };
    },
    draw: drawComposed,
  });
}

/** Reads a panel's recipe: of any kind but this one. */
function panelRecipe<Recipe extends AnyRecipe>(kinds: readonly PanelKind<Recipe>[]) {
  return z.unknown().transform((json, context): Recipe => {
    const wanted = isRecord(json) ? json.kind : undefined;
    const found = kinds.find(({ kind }) => kind === wanted);
    const known = kinds.map(({ kind }) => `"${kind}"`).join(', ');
    if (found === undefined) {
      context.addIssue({ code: 'custom', path: ['kind'], message: `there is no such panel, expected one of ${known}` });
      return z.NEVER;
    }
    const parsed = found.schema.safeParse(json);
    if (parsed.success) return parsed.data;
    for (const { message, path } of parsed.error.issues) context.addIssue({ code: 'custom', message, path: [...path] });
    return z.NEVER;
  });
}

type ComposedField = FormField & { readonly field: 'columns' | 'scale' | 'axes' };

function composedForm(columns: number, scale: 'shared' | 'own', axes: 'aligned' | 'own'): readonly ComposedField[] {
  const counts = Array.from({ length: MOST_COLUMNS }, (_, i) => [i + 1, String(i + 1)] as const);
  return [
    { field: 'columns', widget: 'choice', label: 'Columns', value: columns, options: counts, testId: 'composed-columns' },
    {
      field: 'scale',
      widget: 'choice',
      label: 'Colour scale',
      value: scale,
      options: [
        ['shared', 'shared where alike'],
        ['own', 'each panel its own'],
      ],
      testId: 'composed-scale',
    },
    {
      field: 'axes',
      widget: 'choice',
      label: 'Axes',
      value: axes,
      options: [
        ['aligned', 'same limits'],
        ['own', 'each panel its own'],
      ],
      testId: 'composed-axes',
    },
  ];
}

/** Sources that read every network once, whichever panels are of it. */
function readOnce(sources: FigureSources): FigureSources {
  const networks = new Map<string, ReturnType<FigureSources['network']>>();
  const network = (source: FigureSource): ReturnType<FigureSources['network']> => {
    const key = JSON.stringify({ ...source, layer: undefined });
    const known = networks.get(key) ?? sources.network(source);
    networks.set(key, known);
    return known;
  };
  return { ...sources, network };
}
