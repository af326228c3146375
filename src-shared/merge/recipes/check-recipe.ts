// Says what is wrong with a recipe file: the schema first, then what a schema cannot see (names that nothing defines, parts
// used as what they are not, formulas). Every error has the JSON path of the value that is wrong.
import { type z } from 'zod';
import { UserError } from '../../base/user-error';
import { operandsOf } from './evaluate';
import { namesIn, operandCount, type Formula } from './formula';
import { indexNames } from './key-pattern';
import { anchorKeys } from './bind-group';
import { recipeSchema, type Recipe, type Step } from './schema';

/** One thing wrong: where (`steps[2].bn`) and what. */
export interface RecipeError {
  readonly path: string;
  readonly message: string;
}

/** A recipe, or everything wrong with it. */
export type CheckedRecipe =
  | { readonly recipe: Recipe; readonly errors: readonly [] }
  | { readonly recipe: null; readonly errors: readonly RecipeError[] };

/** Checks parsed JSON. */
export function checkRecipe(json: unknown): CheckedRecipe {
  const parsed = recipeSchema.safeParse(json);
  if (!parsed.success) return { recipe: null, errors: parsed.error.issues.flatMap(errorsOf) };
  const errors = [...partErrors(parsed.data), ...stepErrors(parsed.data), ...mergedErrors(parsed.data)];
  return errors.length === 0 ? { recipe: parsed.data, errors: [] } : { recipe: null, errors };
}

/** The recipe of parsed JSON. Throws UserError with everything wrong, `where` being the file it came from. */
export function parseRecipe(json: unknown, where: string): Recipe {
  const { recipe, errors } = checkRecipe(json);
  if (recipe) return recipe;
  throw new UserError(`${where} is no merge recipe:\n${errors.map(({ path, message }) => `  ${path}: ${message}`).join('\n')}`);
}

function errorsOf(issue: z.core.$ZodIssue): RecipeError[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: pathText([...issue.path, key]), message: 'is no field here' }));
  return [{ path: pathText(issue.path), message: lowered(issue.message) }];
}

function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return text.replace(/^\./, '') || 'the recipe';
}

function lowered(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

/** Names that formulas may use: settings, sizes of shapes, indexes of keys. */
function scopeNames({ settings, parts }: Recipe): Set<string> {
  const names = new Set(Object.keys(settings));
  for (const part of Object.values(parts)) {
    anchorKeys(part)
      .flatMap(indexNames)
      .forEach((index) => names.add(index));
    const sizes = part.kind === 'norm' ? [part.channels] : part.shape;
    sizes.forEach((size) => typeof size === 'string' && names.add(size));
  }
  return names;
}

function partErrors(recipe: Recipe): RecipeError[] {
  const parts = Object.entries(recipe.parts);
  const errors: RecipeError[] = [];
  if (!parts.some(([, part]) => !part.optional))
    errors.push({ path: 'parts', message: 'at least one part must not be optional: groups are found by it' });
  const anchor = parts.find(([, part]) => !part.optional);
  if (anchor && anchor[1].ifMissing !== undefined)
    errors.push({ path: `parts.${anchor[0]}.ifMissing`, message: 'groups are found by this part: it is never missing' });
  if (parts.some(([, part]) => part.kind === 'norm') && recipe.settings.eps === undefined && recipe.refuses === undefined)
    errors.push({ path: 'settings.eps', message: 'is missing: batch norms are folded with it' });
  for (const [name, part] of parts) {
    const keys = anchorKeys(part);
    if (keys.some((key) => /\{\}|\{[^\w]/.test(key) || (key.match(/\{/g)?.length ?? 0) !== (key.match(/\}/g)?.length ?? 0)))
      errors.push({ path: `parts.${name}`, message: `braces of the key ${keys[0]} do not match` });
  }
  return errors;
}

function stepErrors(recipe: Recipe): RecipeError[] {
  const errors: RecipeError[] = [];
  const kinds = new Map(Object.entries(recipe.parts).map(([name, part]) => [name, part.kind === 'norm' ? 'norm' : 'map']));
  const scope = scopeNames(recipe);
  if (recipe.refuses !== undefined && recipe.steps.length > 0)
    errors.push({ path: 'steps', message: 'a recipe that refuses has no steps' });
  if (recipe.onlySays && recipe.refuses === undefined)
    errors.push({ path: 'onlySays', message: 'goes with `refuses`, which gives the reason' });
  recipe.steps.forEach((step, index) => {
    const at = `steps[${index}]`;
    for (const [field, name] of operandFields(step)) {
      const wanted = field === 'bn' ? 'norm' : 'map';
      const kind = kinds.get(name);
      if (kind === undefined) errors.push({ path: `${at}.${field}`, message: `${name} is neither a part nor an earlier step` });
      else if (kind !== wanted)
        errors.push({ path: `${at}.${field}`, message: `${name} is a ${kindText(kind)}; this takes a ${kindText(wanted)}` });
    }
    for (const [field, formula] of formulasOf(step)) errors.push(...formulaErrors(`${at}.${field}`, formula, scope));
    if (kinds.has(step.name)) errors.push({ path: `${at}.name`, message: `${step.name} is the name of a part or an earlier step already` });
    kinds.set(step.name, 'map');
  });
  return errors;
}

function kindText(kind: string): string {
  return kind === 'norm' ? 'batch norm' : 'layer, tensor or step';
}

/** Field and name of every operand of a step. */
function operandFields(step: Step): [field: string, name: string][] {
  const { maps, norm } = operandsOf(step);
  const fields: [string, string][] = [];
  for (const [field, value] of Object.entries(step)) {
    if (field === 'bn' && norm !== null) fields.push([field, norm]);
    else if (Array.isArray(value) && field === 'of') value.forEach((name, i) => fields.push([`of[${i}]`, String(name)]));
    else if (typeof value === 'string' && OPERAND_FIELDS.has(field) && maps.includes(value)) fields.push([field, value]);
  }
  return fields;
}

const OPERAND_FIELDS = new Set(['of', 'by', 'like', 'first', 'second', 'from', 'take', 'map', 'shift']);

function formulasOf(step: Step): [field: string, formula: Formula][] {
  switch (step.op) {
    case 'multiply':
      return [['by', step.by]];
    case 'dilateToDense':
      return [['rate', step.rate]];
    case 'blockDiagonal':
    case 'interleaveOutputs':
      return [['groups', step.groups]];
    case 'takeOutputs':
    case 'takeInputs':
      return [
        ['from', step.from],
        ['to', step.to],
      ];
    case 'repeatOutputs':
      return [['times', step.times]];
    case 'reshape':
      return step.shape.map((formula, axis) => [`shape[${axis}]`, formula]);
    case 'transpose':
      return step.when === undefined ? [] : [['when', step.when]];
    case 'convToFc':
      return [
        ['height', step.height],
        ['width', step.width],
      ];
    default:
      return [];
  }
}

function formulaErrors(path: string, formula: Formula, scope: ReadonlySet<string>): RecipeError[] {
  const unknown = namesIn(formula).filter((name) => !scope.has(name));
  const errors = unknown.map((name) => ({ path, message: `${name} is no setting, size or index; known: ${[...scope].join(', ')}` }));
  return [...errors, ...countErrors(path, formula)];
}

function countErrors(path: string, formula: Formula): RecipeError[] {
  if (!Array.isArray(formula)) return [];
  const [operation, ...operands] = formula;
  const wanted = operandCount(operation);
  const own = operands.length === wanted ? [] : [{ path, message: `${operation} takes ${wanted} operands, got ${operands.length}` }];
  return [...own, ...operands.flatMap((operand) => countErrors(path, operand))];
}

function mergedErrors({ merged, steps, refuses }: Recipe): RecipeError[] {
  const names = new Set(steps.map(({ name }) => name));
  const errors = Object.entries(merged)
    .filter(([, step]) => !names.has(step))
    .map(([module, step]) => ({ path: `merged.${module || '""'}`, message: `${step} is no step` }));
  if (refuses === undefined && Object.keys(merged).length === 0)
    errors.push({ path: 'merged', message: 'nothing is merged: name at least one module' });
  if (refuses !== undefined && Object.keys(merged).length > 0)
    errors.push({ path: 'merged', message: 'a recipe that refuses merges nothing' });
  return errors;
}
