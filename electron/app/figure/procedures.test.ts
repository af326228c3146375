// What a window asks of figures beside one picture: films and figures of all blocks, told as they are made, handed out by URL.
import { call } from '@orpc/server';
import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { parseFigureRecipe } from '@shared/figure/registry';
import type { FigureStep } from '@shared/link/studio';
import { referencePath } from '../../../tests/reference';
import { BulkStore, type BulkContent, type BulkOptions } from '../bulk';
import { datasetsHere } from '../dataset/datasets-here';
import { Jobs } from '../jobs/jobs';
import { figureProcedures } from './procedures';

/** Keeps what was handed out. */
class SeenBulk extends BulkStore {
  readonly seen: Uint8Array[] = [];

  override add(content: BulkContent, options?: BulkOptions): string {
    if (content.kind === 'bytes') this.seen.push(content.bytes);
    return super.add(content, options);
  }
}

const bulk = new SeenBulk();
const lastSeen = (): Uint8Array => bulk.seen.at(-1) ?? new Uint8Array();
const noEngine = { current: () => Promise.reject(new Error('none of these figures needs an engine')) };
const procedures = figureProcedures({ datasets: datasetsHere, bulk, runsFolder: '.', jobs: new Jobs(), engines: noEngine });
const layout = { widthMm: 84, fontPt: 7, title: null };
const head = { format: 'repmlp-figure', version: 1, layout, source: { path: referencePath('pth/net_tiny_train.pth') } };
const merge = parseFigureRecipe({ ...head, kind: 'merge-equation', scaling: 'own', colours: 'viridis' });
const maps = parseFigureRecipe({ ...head, kind: 'position-maps', group: null });
const settings = { widthPx: 120, seconds: 0.1, holdSeconds: 1 };

async function stepsOf(stream: AsyncIterable<FigureStep>): Promise<FigureStep[]> {
  const steps: FigureStep[] = [];
  for await (const step of stream) steps.push(step);
  return steps;
}

test('a film tells every frame and ends with its file, its size and its length', async () => {
  const steps = await stepsOf(await call(procedures.film, { recipe: merge, format: 'gif', settings }));
  const done = steps.at(-1);
  const written = steps.filter((step) => step.type === 'progress' && step.at === 'writing');
  expect(done).toMatchObject({
    type: 'done',
    fileName: 'merge-equation.gif',
    says: expect.stringMatching(/^\d+ frames, 120 x \d+ pixels, [\d.]+ s$/),
  });
  expect(done?.type === 'done' && Number.parseInt(done.says, 10)).toBe(written.length);
  expect(String.fromCharCode(...lastSeen().subarray(0, 6))).toBe('GIF89a');
});

test('a kind of figure that is no film is refused', async () => {
  await expect(stepsOf(await call(procedures.film, { recipe: maps, format: 'gif', settings }))).rejects.toThrow(
    /"position-maps" has one picture alone/,
  );
});

test('figures of all blocks are one archive, a file a block', async () => {
  const steps = await stepsOf(await call(procedures.batch, { recipe: maps, format: 'svg' }));
  const files = unzipSync(lastSeen());
  const blocks = steps.flatMap((step) => (step.type === 'progress' && step.at !== '' ? [step.at] : []));
  expect(blocks.length).toBeGreaterThan(1);
  expect(Object.keys(files)).toEqual(blocks.map((block) => `position-maps-${block}.svg`));
  blocks.forEach((block) => expect(new TextDecoder().decode(files[`position-maps-${block}.svg`])).toContain(`block ${block}`));
  expect(steps.at(-1)).toMatchObject({ says: `${blocks.length} figures` });
});

test('a figure for LaTeX is one archive with its pictures', async () => {
  const { fileName } = await call(procedures.render, { recipe: maps, format: 'pgf' });
  expect(fileName).toBe('position-maps.pgf.zip');
  const files = unzipSync(lastSeen());
  const text = new TextDecoder().decode(files['position-maps.pgf']);
  const named = [...text.matchAll(/\\includegraphics\[[^\]]*\]\{([^}]*)\}/g)].map(([, name]) => name);
  expect(Object.keys(files).sort()).toEqual(['position-maps.pgf', ...named].sort());
});
