// What the window's first picture takes, read off the files that are built for all tests: a script, what it imports, and what
// either was made of, which its source map says.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { buildRenderer, dist } from '../electron/launcher/build.mjs';

const folder = join(dist, 'renderer');
/** Bytes, compressed as servers do it by default at best: 200 kB. */
const MOST = 200_000;

interface Script {
  readonly name: string;
  readonly text: string;
  /** Modules it was made of. */
  readonly sources: readonly string[];
  /** Scripts it cannot run without. */
  readonly imports: readonly string[];
}

let scripts: ReadonlyMap<string, Script>;

beforeAll(async () => {
  await buildRenderer();
  const names = readdirSync(join(folder, 'assets')).filter((name) => name.endsWith('.js'));
  scripts = new Map(names.map((name) => [name, read(name)]));
});

function read(name: string): Script {
  const text = readFileSync(join(folder, 'assets', name), 'utf8');
  const map = join(folder, 'assets', `${name}.map`);
  // What the bundler adds of its own has none.
  const { sources } = existsSync(map) ? (JSON.parse(readFileSync(map, 'utf8')) as { sources: string[] }) : { sources: [] };
  // `import"./a.js"`, `import{b as c}from"./a.js"`, `export…from"./a.js"`; `import("./a.js")` loads later.
  const imports = [...text.matchAll(/(?:\bimport|\bfrom)\s*["']\.\/([\w.$-]+\.js)["']/g)].map(([, file]) => file);
  return { name, text, sources, imports };
}

/** A script and all that it imports before it runs. */
function closure(...first: readonly string[]): Script[] {
  const found = new Set<string>();
  const add = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    scripts.get(name)?.imports.forEach(add);
  };
  first.forEach(add);
  return [...found].map((name) => {
    const script = scripts.get(name);
    if (!script) throw new Error(`a script imports ${name}, which was not built`);
    return script;
  });
}

/** The scripts that the page names, in a tag or as modules to load beside it. */
function ofPage(): string[] {
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  return [...page.matchAll(/(?:src|href)="\/assets\/([\w.$-]+\.js)"/g)].map(([, name]) => name);
}

function scriptOf(source: string): string {
  const found = [...scripts.values()].find(({ sources }) => sources.some((one) => one.endsWith(source)));
  if (!found) throw new Error(`no script was made of ${source}`);
  return found.name;
}

const compressed = (of: readonly Script[]): number => of.reduce((sum, { text }) => sum + gzipSync(text, { level: 9 }).length, 0);

/** What of packages and rooms of our own a set of scripts was made of. */
const sourcesOf = (of: readonly Script[]): string[] => of.flatMap(({ sources }) => sources);

test('the first JavaScript of the window is at most 200 kB compressed, that of the first screen with it', () => {
  expect(ofPage().length).toBeGreaterThan(0);
  const first = closure(...ofPage());
  expect(sourcesOf(first).some((source) => source.endsWith('renderer/main.tsx'))).toBe(true);
  // With the first screen's view, wherever it is built into.
  expect(compressed(closure(...ofPage(), scriptOf('stages/home/HomeView.tsx')))).toBeLessThanOrEqual(MOST);
});

/** Heavy packages and rooms, each with a module that shows that it is built into the window at all. */
const LATER = [
  '@tensorflow/',
  'node_modules/three/',
  'node_modules/katex/',
  'node_modules/micromark',
  'node_modules/yaml/',
  'node_modules/cmdk/',
  'uplot',
  'src-shared/figure/kinds/',
  'src-shared/lesson/',
  'src-shared/merge/',
];

test.each(LATER)('%s is loaded after the first screen, or by a thread', (part) => {
  const screen = closure(...ofPage(), scriptOf('stages/home/HomeView.tsx'));
  expect(sourcesOf(screen).filter((source) => source.includes(part))).toEqual([]);
  // It is somewhere: a package of another name, or one that is gone, would pass otherwise.
  expect(sourcesOf([...scripts.values()]).some((source) => source.includes(part))).toBe(true);
});

test('no stage of the window takes a tfjs backend or a writer of PDF: the engine is a thread, figures are drawn by the service', () => {
  // Workers are scripts of their own, which no page imports.
  const views = [...scripts.values()].filter(({ sources }) => sources.some((source) => /stages\/\w+\/\w+View\.tsx$/.test(source)));
  expect(views.length).toBeGreaterThan(10);
  const taken = sourcesOf(closure(...ofPage(), scriptOf('shell/stages.ts'), ...views.map(({ name }) => name)));
  expect(taken.filter((source) => /tfjs-backend|pdf-lib|fontkit|resvg|onnxruntime/.test(source))).toEqual([]);
});
