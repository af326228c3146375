// Figures through the command line: for a venue, inspected, drawn again from their own file, with their numbers beside them.
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { repmlp, savedJson, temporaryFolder } from './repmlp';

let [folder, recipe] = ['', ''];
const FORMAT = { format: 'repmlp-figure', version: 1, layout: { widthMm: 120, fontPt: 8, title: null } } as const;

beforeAll(async () => {
  folder = await temporaryFolder();
  recipe = await savedJson(folder, 'recipe.json', { ...FORMAT, kind: 'cost-bars', model: 'pure-mlp-small', metric: 'macs' });
});

const at = (name: string): string => join(folder, name);
const ran = async (...args: string[]) => {
  const { code, stdout, stderr } = await repmlp(['figure', ...args]);
  return { code, stdout, stderr };
};

test('a figure for a venue passes its inspection there and fails another, with exit codes and JSON', async () => {
  expect((await ran(recipe, at('cost.pdf'), '--venue', 'nature', '--span', 'double')).code).toBe(0);
  expect((await ran('check', at('cost.pdf'), '--venue', 'nature')).code).toBe(0);
  const elsewhere = await ran('check', at('cost.pdf'), '--venue', 'ieee', '--json');
  expect(elsewhere.code).toBe(1);
  const { pass, findings } = JSON.parse(elsewhere.stdout) as {
    pass: boolean;
    findings: { rule: string; verdict: string; fix: string | null }[];
  };
  expect(pass).toBe(false);
  const failed = findings.filter(({ verdict }) => verdict === 'fail');
  expect(failed.map(({ rule }) => rule)).toEqual(['width', 'type size']);
  failed.forEach(({ fix }) => expect(fix).not.toBeNull());
});

test('a figure is drawn again from its own file, byte for byte, and in another format', async () => {
  expect((await ran(recipe, at('a.svg'))).code).toBe(0);
  expect((await ran(at('a.svg'), at('b.pdf'))).code).toBe(0);
  expect((await ran(at('b.pdf'), at('c.svg'))).code).toBe(0);
  expect(await readFile(at('c.svg'), 'utf8')).toBe(await readFile(at('a.svg'), 'utf8'));
});

test('a stripped figure carries no recipe, and is refused as one', async () => {
  expect((await ran(recipe, at('bare.svg'), '--strip')).code).toBe(0);
  expect(await readFile(at('bare.svg'), 'utf8')).not.toContain('<metadata>');
  const again = await ran(at('bare.svg'), at('again.svg'));
  expect([again.code, again.stderr]).toEqual([2, expect.stringMatching(/bare\.svg carries no recipe/)]);
});

test('recipe, numbers and caption are written beside a figure when asked for', async () => {
  expect((await ran(recipe, at('with.png'), '--with-data', '--no-caption')).code).toBe(0);
  const files = (await readdir(folder)).filter((name) => name.startsWith('with.'));
  expect(files.sort()).toEqual(['with.caption.txt', 'with.cost.csv', 'with.png', 'with.recipe.json']);
  expect(await readFile(at('with.cost.csv'), 'utf8')).toMatch(
    /^part,"multiply-accumulates, train form","multiply-accumulates, merged form"\n[\w.]+,\d/,
  );
  expect(await readFile(at('with.caption.txt'), 'utf8')).toMatch(/Convention: 1 multiply-accumulate = 1/);
});

test.each([
  [['check', 'no-such.pdf'], /no-such\.pdf/],
  [['check', 'recipe.json'], /recipe\.json is neither a PDF nor an SVG/],
  [['check', 'recipe.json', '--venue', 'icce'], /venue/],
  [['recipe.json', 'x.svg', '--span', 'double'], /--span goes with --venue/],
  [['recipe.json', 'x.svg', '--venue', 'eccv', '--span', 'double'], /ECCV has one column alone, 122 mm wide/],
])('bad input is refused: %j', async (args, message) => {
  const { code, stderr } = await ran(...args.map((arg) => (arg.includes('.') ? at(arg) : arg)));
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
});
