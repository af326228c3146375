import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { compiledModule } from './assembly/build.mjs';
import { poolStrip } from './pool-strip';
import { denseSource } from './source';

const columns = 24;
const values = Float32Array.from({ length: 8 * columns }, (_, k) => ((k * 37) % 101) - 50);

it('pools whole blocks to their sum, smallest and largest cell', () => {
  const pooled = poolStrip(denseSource(values, 8, columns), { first: 1, last: 8, start: 8, blocks: 2 });
  for (const block of [0, 1]) {
    const cells = values.filter((_, k) => k >= columns && Math.floor((k % columns) / 8) === block + 1);
    expect(pooled?.sums[block]).toBe(cells.reduce((sum, value) => sum + value, 0));
    expect(pooled?.low[block]).toBe(Math.min(...cells));
    expect(pooled?.high[block]).toBe(Math.max(...cells));
  }
});

it('a NaN makes the extremes of its block NaN, those of no other', () => {
  const broken = values.with(3 * columns + 9, NaN);
  const pooled = poolStrip(denseSource(broken, 8, columns), { first: 0, last: 8, start: 0, blocks: 3 });
  expect(Array.from(pooled?.low ?? [], Number.isNaN)).toEqual([false, true, false]);
  expect(Array.from(pooled?.high ?? [], Number.isNaN)).toEqual([false, true, false]);
});

it('the committed WebAssembly is the compiled source', async () => {
  expect(readFileSync(new URL('./pool-strip.wasm.ts', import.meta.url), 'utf8')).toBe(await compiledModule());
});
