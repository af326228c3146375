// All kinds of figures: the only list of them. A recipe is read here, from JSON a person may have written: every error says
// which field is wrong, what was expected and what came.
import { isRecord } from '../base/is-record';
import type { z } from 'zod';
import { formatProblem } from '../base/stored-version';
import { UserError } from '../base/user-error';
import type { FigureSources, ReadFigure, Reading } from './kind';
import { accuracyCost } from './kinds/accuracy-cost';
import { composedOf } from './kinds/composed';
import { convolution } from './kinds/convolution';
import { costBars } from './kinds/cost-bars';
import { contactSheet } from './kinds/contact-sheet';
import { curves } from './kinds/curves';
import { diagram } from './kinds/diagram';
import { figure5 } from './kinds/figure5';
import { int8Kind } from './kinds/int8';
import { locality } from './kinds/locality';
import { kernelPatterns } from './kinds/kernel-patterns';
import { matrices } from './kinds/matrices';
import { matrixEpochs } from './kinds/matrix-epochs';
import { matrixView } from './kinds/matrix-view';
import { mergeEquation } from './kinds/merge-equation';
import { overlay } from './kinds/overlay';
import { positionMaps } from './kinds/position-maps';
import { projection } from './kinds/projection';
import { receptiveFieldKind } from './kinds/receptive-field';
import { restVectors } from './kinds/rest-vectors';
import { rowKinds } from './kinds/row-kinds';
import { runCurves } from './kinds/run-curves';
import { samples } from './kinds/samples';
import { weightChanges } from './kinds/weight-changes';
import { RECIPE_FORMAT } from './recipe';

/** Figures of the patterns of a block's FC3. */
export const patternKinds = [locality, projection, positionMaps, rowKinds, restVectors, overlay] as const;
/** Figures of one subject each, in the order in which a list shows them. */
export const panelKinds = [
  matrices,
  matrixView,
  mergeEquation,
  matrixEpochs,
  contactSheet,
  figure5,
  convolution,
  diagram,
  costBars,
  int8Kind,
  accuracyCost,
  curves,
  runCurves,
  ...patternKinds,
  kernelPatterns,
  receptiveFieldKind,
  weightChanges,
  samples,
] as const;
/** Those composed of them. */
export const composed = composedOf<z.infer<(typeof panelKinds)[number]['schema']>>(panelKinds);
/** Every figure there is. */
export const figureKinds = [...panelKinds, composed] as const;

export type FigureRecipe = z.infer<(typeof figureKinds)[number]['schema']>;
/** A recipe of a figure that can be a panel of another. */
export type PanelRecipe = z.infer<(typeof panelKinds)[number]['schema']>;
/** A recipe of a figure of several. */
export type ComposedRecipe = z.infer<typeof composed.schema>;
/** A recipe of a pattern figure. */
export type PatternRecipe = z.infer<(typeof patternKinds)[number]['schema']>;
export type PatternKind = PatternRecipe['kind'];

const FORMAT = { ...RECIPE_FORMAT, called: 'a figure recipe' } as const;

/** Checks a parsed JSON value. Throws UserError naming the first wrong field, `where` being the file it came from. */
export function parseFigureRecipe(json: unknown, where = 'the recipe'): FigureRecipe {
  const problem = formatProblem(json, FORMAT);
  if (problem !== null) throw new UserError(`${where}: ${problem}`);
  const wanted = isRecord(json) ? json.kind : undefined;
  const found = figureKinds.find(({ kind }) => kind === wanted);
  if (found === undefined) {
    const known = figureKinds.map(({ kind }) => `"${kind}"`).join(', ');
    throw new UserError(`${where}: "kind": there is no such figure, expected one of ${known}, got ${JSON.stringify(wanted) ?? 'nothing'}`);
  }
  const parsed = found.schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue.path.map(String).join('.');
  const got = field === '' ? '' : `, got ${JSON.stringify(valueAt(json, issue.path)) ?? 'nothing'}`;
  throw new UserError(`${where}: ${field === '' ? 'the recipe' : `"${field}"`}: ${issue.message}${got}`);
}

function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (isRecord(value) || Array.isArray(value) ? (value as Record<PropertyKey, unknown>)[key] : undefined),
    json,
  );
}

/** The record of a recipe's kind. */
export function kindOf({ kind }: Pick<FigureRecipe, 'kind'>): (typeof figureKinds)[number] {
  const found = figureKinds.find((one) => one.kind === kind);
  if (found === undefined) throw new TypeError(`no figure is called ${kind}`);
  return found;
}

/** Whether a recipe is one of a figure of several. */
export function isComposed(asked: FigureRecipe): asked is ComposedRecipe {
  return asked.kind === composed.kind;
}

/** Whether a recipe is one of a figure of patterns. */
export function isPattern(asked: FigureRecipe): asked is PatternRecipe {
  return patternKinds.some(({ kind }) => kind === asked.kind);
}

/** Reads the numbers of a recipe's figure, which then is drawn. Rejects with UserError where a source, block, channel, group or picture is missing. */
export function readFigure(asked: FigureRecipe, sources: FigureSources, reading?: Reading): Promise<ReadFigure> {
  return kindOf(asked).read(asked, sources, reading);
}
