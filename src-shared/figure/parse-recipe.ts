// Reads a figure recipe from JSON a person may have written: every error says which field is wrong, what
// was expected and what came.
import { z } from 'zod';
import { UserError } from '../base/user-error';
import { GROUP_LEVELS } from '../cost/grouping';
import { datasetReferenceSchema } from '../dataset/reference-schema';
import { networkField } from '../model/schema';
import { formatProblem } from '../base/stored-version';
import type { CostFigure, FigureRecipe, PatternKind } from './recipe';

const layout = z.strictObject({
  widthMm: z.number().min(30, 'a figure is at least 30 mm wide').max(1000, 'a figure is at most 1000 mm wide'),
  fontPt: z.number().min(3, 'type is at least 3 pt').max(48, 'type is at most 48 pt'),
  title: z.string().nullable(),
});
const source = z.strictObject({
  path: z.string().min(1, 'a source needs the path of a run folder or checkpoint'),
  weights: z.string().optional(),
  layer: z.string().optional(),
  network: networkField.optional(),
  inputSize: z.string().optional(),
  partitions: z.array(z.tuple([z.number().int().positive(), z.number().int().positive()])).optional(),
  eps: z.number().nonnegative().optional(),
});
const index = z.number().int('an index is a whole number, counted from 0').nonnegative('an index is a whole number, counted from 0');
const colours = z.enum(['blue-orange', 'purple-green', 'viridis', 'cividis', 'grey', 'paper-green']);
const head = { format: z.literal('repmlp-figure'), version: z.literal(1), layout };

const convention = z
  .strictObject({ unit: z.enum(['macs', 'flops']), batchNorm: z.boolean(), bias: z.boolean(), activation: z.boolean() })
  .optional();
const cost = {
  model: z.string().min(1, 'a cost figure needs the name of a model').optional(),
  set: z.record(z.string(), z.string()).optional(),
  network: networkField.optional(),
  inputSize: z.string().optional(),
  metric: z.enum(['macs', 'params', 'bytes']),
  convention,
  form: z.enum(['train', 'merged', 'both']).optional(),
  level: z.enum(GROUP_LEVELS).optional(),
  chart: z.enum(['bars', 'icicle']).optional(),
};

function namesOneNetwork({ model, network }: CostFigure): boolean {
  return (model === undefined) !== (network === undefined);
}

const picture = z.union([
  z.strictObject({ file: z.string().min(1) }),
  z.strictObject({
    dataset: datasetReferenceSchema,
    of: z.union([z.strictObject({ sample: index }), z.strictObject({ classMean: index })]),
  }),
]);

/** A figure of patterns: of one network, of two (`against`) or over the epochs of a run. */
function pattern<K extends PatternKind, S extends z.ZodRawShape>(kind: K, fields: S) {
  return z.strictObject({ ...head, kind: z.literal(kind), source, against: source.optional(), epochs: z.boolean().optional(), ...fields });
}

const recipe = z.discriminatedUnion('kind', [
  z.strictObject({ ...head, kind: z.literal('matrices'), source, colours, transform: z.enum(['linear', 'symlog', 'rank', 'log-ratio']) }),
  z.strictObject({ ...head, kind: z.literal('figure5'), source, outputChannel: index, row: index, column: index, inputChannel: index }),
  z
    .strictObject({ ...head, kind: z.literal('cost-bars'), ...cost })
    .refine(namesOneNetwork, 'a cost figure needs either "model" or "network"'),
  z.strictObject({
    ...head,
    kind: z.literal('accuracy-cost'),
    runs: z.array(z.string().min(1)).min(1, 'name at least one run folder'),
    convention,
  }),
  pattern('locality', {}),
  pattern('projection', { outputChannel: index, inputChannel: index }),
  pattern('position-maps', { group: index.nullable() }),
  pattern('row-kinds', { group: index.nullable() }),
  pattern('rest-vectors', { group: index }),
  pattern('overlay', {
    group: index.nullable(),
    map: z.enum(['input', 'output']),
    picture,
    partitions: index.min(1, 'there is at least one partition').optional(),
  }),
  z.strictObject({ ...head, kind: z.literal('curves'), source }),
]);

const FORMAT = { format: 'repmlp-figure', version: 1, called: 'a figure recipe' } as const;

/** Checks a parsed JSON value. Throws UserError naming the first wrong field, `where` being the file it came from. */
export function parseFigureRecipe(json: unknown, where = 'the recipe'): FigureRecipe {
  const problem = formatProblem(json, FORMAT);
  if (problem !== null) throw new UserError(`${where}: ${problem}`);
  const parsed = recipe.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue.path.map(String).join('.');
  const got = field === '' ? '' : `, got ${JSON.stringify(valueAt(json, issue.path)) ?? 'nothing'}`;
  throw new UserError(`${where}: ${field === '' ? 'the recipe' : `"${field}"`}: ${issue.message}${got}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (isRecord(value) || Array.isArray(value) ? (value as Record<PropertyKey, unknown>)[key] : undefined),
    json,
  );
}
