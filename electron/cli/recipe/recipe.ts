// repmlp recipe: merge recipes as files. `check` says what is wrong with one, by JSON path; `list` and `show` what is shipped.
import type { Command } from 'commander';
import { checkRecipe } from '@shared/merge/recipes/check-recipe';
import { familySlug } from '@shared/merge/recipes/family-pages';
import { shippedRecipe, shippedRecipes } from '@shared/merge/recipes/shipped';
import type { Recipe } from '@shared/merge/recipes/schema';
import { selfTestOfVerdict } from '@shared/proof/recipes/planted-faults';
import { suggestionText } from '@shared/base/nearest-name';
import { UserError } from '@shared/base/user-error';
import { helpPage } from '../../files/assets';
import { readJson } from '../../files/json-file';
import { print, printJson, type Verb } from '../verb';

export const recipeVerb: Verb = (program, setExit) => {
  const verb = program.command('recipe').description('merge recipes: how a re-parameterized family is found and merged');
  defineCheck(verb, setExit);
  verb
    .command('list')
    .description('the recipes that come with the program')
    .option('--json', 'print JSON')
    .action(({ json }: { json?: boolean }) => {
      const list = shippedRecipes().map(({ name, family, title, formula, source }) => ({ name, family, title, formula, source }));
      if (json) printJson({ recipes: list });
      else print(list.map(({ name, title }) => `${name.padEnd(28)} ${title}`));
    });
  verb
    .command('show')
    .description(
      'the page of help on a family; or one shipped recipe, its formula and steps, or the whole as JSON to start an own one from',
    )
    .argument('<name>', 'a family (RepVGG) or a recipe (repvgg-timm); of a name that both have both are shown')
    .option('--json', 'print JSON')
    .action((name: string, { json }: { json?: boolean }) => show(name, json ?? false));
  defineSelfTest(verb, setExit);
};

/** A family by its name or its page's; a recipe by its own. Throws UserError where neither has the name. */
function show(name: string, json: boolean): void {
  const recipe = shippedRecipe(name);
  const recipes = shippedRecipes().filter(({ family }) => familySlug(family) === familySlug(name));
  const names = [...shippedRecipes().map((one) => one.name), ...new Set(shippedRecipes().map(({ family }) => family))];
  if (!recipe && recipes.length === 0) throw new UserError(`there is no family or recipe ${name}; ${suggestionText(name, names)}`);
  const help = recipes.length === 0 ? null : helpPage(`families/${familySlug(name)}`);
  if (json) return printJson(recipe ?? { family: recipes[0].family, recipes: recipes.map((one) => one.name), help });
  if (help !== null) print(help, `recipes of this family: ${recipes.map((one) => one.name).join(', ')}`);
  if (recipe && help !== null) print('');
  if (recipe) printRecipe(recipe);
}

function defineCheck(verb: Command, setExit: (code: number) => void): void {
  verb
    .command('check')
    .description('what is wrong with a recipe file: exit 1 where something is')
    .argument('<file.json>')
    .option('--json', 'print JSON')
    .action(async (path: string, { json }: { json?: boolean }) => {
      const { recipe, errors } = checkRecipe(await readJson(path));
      if (json) printJson({ valid: recipe !== null, name: recipe?.name ?? null, errors });
      else if (recipe) print(`${path}: a right recipe, ${recipe.name} (${recipe.title})`);
      else
        print(
          `${path}: ${errors.length === 1 ? 'one thing is' : `${errors.length} things are`} wrong`,
          ...errors.map((error) => `  ${error.path}: ${error.message}`),
        );
      setExit(recipe ? 0 : 1);
    });
}

function defineSelfTest(verb: Command, setExit: (code: number) => void): void {
  verb
    .command('self-test')
    .description('plants the known faults of public converters and says whether the verdict catches each')
    .option('--json', 'print JSON')
    .action(({ json }: { json?: boolean }) => {
      const faults = selfTestOfVerdict();
      if (json) printJson({ faults });
      else print(faults.map(({ fault, caught, said }) => `${caught ? 'caught' : 'MISSED'}  ${fault}: ${said}`));
      setExit(faults.every(({ caught }) => caught) ? 0 : 1);
    });
}

function printRecipe({ name, title, family, source, about, formula, settings, steps, merged, refuses }: Recipe): void {
  print(
    `${name}: ${title} (${family})`,
    about,
    `formula: ${formula}`,
    `from: ${[source.paper, source.repository].filter((text) => text !== undefined).join('; ')}`,
  );
  for (const [setting, { default: usual, about: what }] of Object.entries(settings))
    print(`setting ${setting}: ${what}${usual === undefined ? ', to be given' : `, ${usual} unless given`}`);
  if (refuses !== undefined) print(`not merged: ${refuses}`);
  steps.forEach((step, index) => print(`${String(index + 1).padStart(3)}. ${step.name} = ${step.op}: ${step.explain}`));
  for (const [module, step] of Object.entries(merged)) print(`merged: ${module || 'the module itself'} = ${step}`);
}
