// repmlp runs: a runs folder without a window.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keptRun } from '../kept-runs';
import { repmlp } from './repmlp';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repmlp-runs-verb-'));
  await keptRun(folder, 'one', 1, 0.8);
  await keptRun(folder, 'two', 2, 0.9);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** No trash of the machine that tests run on. */
const runs = (...args: readonly string[]) =>
  repmlp(['runs', ...args, '--runs', folder], undefined, { HOME: folder, XDG_DATA_HOME: join(folder, 'none') });

test('lists runs with what is said of them, their distance from the baseline, and groups them over their seeds', async () => {
  expect(await runs('describe', 'one', '--tags', 'first wide', '--note', 'the first one')).toMatchObject({ code: 0 });
  expect(await runs('baseline', 'one')).toMatchObject({ code: 0 });
  const { code, stdout } = await runs('list');
  expect(code).toBe(0);
  expect(stdout).toMatch(/one .*80\.0 %\s+baseline\s+first wide\s+the first one/);
  expect(stdout).toMatch(/two .*90\.0 %\s+\+10\.0/);
  // Mean and sample deviation of 0.8 and 0.9.
  expect((await runs('list', '--group')).stdout).toContain('85.0 % +- 7.1 (80.0 % to 90.0 %, 2 seeds)');
  const json = JSON.parse((await runs('list', '--json')).stdout) as { groups: { metric: { mean: number; deviation: number } }[] };
  expect(json.groups).toHaveLength(1);
  expect(json.groups[0].metric.mean).toBeCloseTo(0.85, 12);
  expect(json.groups[0].metric.deviation).toBeCloseTo(Math.sqrt(0.005), 12);
});

test('renames a run and deletes it into a trash, and refuses what is not there or is no tag', async () => {
  expect(await runs('rename', 'two', 'second')).toMatchObject({ code: 0, stdout: 'two is second now\n' });
  const { stdout } = await runs('delete', 'second');
  expect(stdout).toBe(`second is in ${join(folder, '.trash', 'second')}\n`);
  expect(await readdir(join(folder, '.trash', 'second'))).toContain('run.json');
  expect(await runs('delete', 'second')).toMatchObject({ code: 2, stderr: expect.stringContaining('no run called second') as unknown });
  expect(await runs('describe', 'one', '--tags', 'x'.repeat(60))).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('is no tag') as unknown,
  });
});
