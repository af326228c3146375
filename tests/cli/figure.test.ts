// Figures through the command line: for a venue, inspected, drawn again from their own file, with their numbers beside them.
import { copyFile, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { referencePath } from '../reference';
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

/** Beside the recipes: what travels in a figure names no folder. */
const NET = 'net.pth';
beforeAll(() => copyFile(referencePath('pth/net_tiny_train.pth'), at(NET)));

const contactSheet = { ...FORMAT, kind: 'contact-sheet', source: { path: NET }, colours: 'blue-orange', transform: 'linear' } as const;

test('a recipe is drawn for all blocks of a checkpoint, named after them; a second time nothing is replaced', async () => {
  const maps = await savedJson(folder, 'maps.json', { ...FORMAT, kind: 'position-maps', source: { path: NET }, group: null });
  const drawn = await ran(maps, at('blocks/maps.svg'), '--all-blocks');
  expect([drawn.code, drawn.stderr]).toEqual([0, '']);
  const files = (await readdir(at('blocks'))).sort();
  expect(files.length).toBeGreaterThan(1);
  expect(
    drawn.stdout
      .trim()
      .split('\n')
      .map((path) => path.split('/').at(-1))
      .sort(),
  ).toEqual(files);
  for (const name of files) {
    const [, block] = /^maps-(.+)\.svg$/.exec(name) ?? [];
    expect(await readFile(join(at('blocks'), name), 'utf8')).toContain(`block ${block}`);
  }
  const again = await ran(maps, at('blocks/maps.svg'), '--all-blocks');
  expect([again.code, again.stderr]).toEqual([2, expect.stringMatching(/maps-.*\.svg: exists already/)]);
  expect((await readdir(at('blocks'))).sort()).toEqual(files);
});

test('where one block cannot be drawn, none is, and it is named', async () => {
  const wrong = await savedJson(folder, 'wrong.json', { ...FORMAT, kind: 'rest-vectors', source: { path: NET }, group: 999 });
  const { code, stderr } = await ran(wrong, at('none/x.svg'), '--all-blocks');
  expect([code, stderr]).toEqual([2, expect.stringMatching(/block stages\.[\w.]+: .*999/)]);
  expect(await readdir(at('none'))).toEqual([]);
});

test('figures for LaTeX have their pictures beside them, and are drawn again from what they carry', async () => {
  const sheet = await savedJson(folder, 'sheet.json', contactSheet);
  const drawn = await ran(sheet, at('all blocks.pgf'));
  expect([drawn.code, drawn.stderr]).toEqual([0, '']);
  const text = await readFile(at('all blocks.pgf'), 'utf8');
  const pictures = [...text.matchAll(/\\includegraphics\[[^\]]*\]\{([^}]*)\}/g)].map(([, name]) => name);
  expect(pictures.length).toBeGreaterThan(1);
  for (const name of pictures) expect((await readFile(at(name))).subarray(1, 4).toString()).toBe('PNG');
  expect(text).not.toContain(folder);
  expect((await ran(sheet, at('sheet.svg'))).code).toBe(0);
  expect((await ran(at('all blocks.pgf'), at('again.svg'))).code).toBe(0);
  expect(await readFile(at('again.svg'), 'utf8')).toBe(await readFile(at('sheet.svg'), 'utf8'));
});

test('the steps of a merge are a film of stated size and length, as GIF, APNG and flip-book', async () => {
  const source = { path: NET };
  const merge = await savedJson(folder, 'merge.json', {
    ...FORMAT,
    kind: 'merge-equation',
    source,
    scaling: 'one',
    colours: 'blue-orange',
  });
  const options = ['--width', '320', '--seconds', '0.5', '--hold', '1'];
  const gif = await ran('film', merge, at('merge.gif'), ...options);
  expect([gif.code, gif.stderr]).toEqual([0, '']);
  const [, frames, height, seconds] = /: (\d+) frames, 320 x (\d+) pixels, ([\d.]+) s\n$/.exec(gif.stdout) ?? [];
  expect(Number(seconds)).toBe(0.5 * (Number(frames) - 1) + 1);
  const bytes = await readFile(at('merge.gif'));
  expect([bytes.readUInt16LE(6), bytes.readUInt16LE(8)]).toEqual([320, Number(height)]);
  const book = await ran('film', at('merge.gif'), at('merge.pdf'));
  expect([book.code, book.stdout]).toEqual([0, expect.stringContaining(`${frames} pages, 120.0 x`)]);
});

test.each([
  [['film', 'recipe.json', 'x.gif'], /"cost-bars" has one picture alone; films are made of "merge-equation" and "matrix-epochs"/],
  [['film', 'recipe.json', 'x.webm'], /films are written as \.gif, \.apng, \.png or \.pdf/],
  [['film', 'merge.json', 'x.gif', '--width', 'wide'], /--width takes a number, got "wide"/],
  [['recipe.json', 'x.svg', '--all-blocks'], /"cost-bars" is not of one block/],
  [['recipe.json', 'x.svg', '--all-blocks', '--with-data'], /--with-data goes with one figure/],
])('bad input is refused: %j', async (args, message) => {
  const { code, stderr } = await ran(...args.map((arg) => (arg.includes('.') ? at(arg) : arg)));
  expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
});
