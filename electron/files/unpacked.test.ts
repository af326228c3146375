import { createHash } from 'node:crypto';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { beside, UNPACKED_LIST } from './unpacked';

const folder = mkdtempSync(join(tmpdir(), 'repmlp-unpacked-'));
const [archive, outside] = ['app.asar', 'app.asar.unpacked'].map((name) => join(folder, name, 'dist'));
const own = pathToFileURL(join(archive, 'main.cjs')).href;
const FILES = { 'worker.mjs': 'work()', 'wasm/a.wasm': 'a', 'wasm/b.wasm': 'b' };
afterAll(() => rmSync(folder, { recursive: true }));

beforeEach(() => {
  mkdirSync(archive, { recursive: true });
  mkdirSync(join(outside, 'wasm'), { recursive: true });
  const sums = Object.entries(FILES).map(([name, text]) => [name, createHash('sha256').update(text).digest('hex')]);
  writeFileSync(join(archive, UNPACKED_LIST), JSON.stringify(Object.fromEntries(sums)));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(outside, name), text);
});

test('files as they were packaged are found beside the archive; those of a checkout beside the bundle, unchecked', () => {
  expect(beside(own, 'worker.mjs', ['wasm']).href).toBe(pathToFileURL(join(outside, 'worker.mjs')).href);
  expect(beside('file:///studio/dist/cli.mjs', 'worker.mjs').href).toBe('file:///studio/dist/worker.mjs');
});

test.each(['worker.mjs', 'wasm/b.wasm'])('nothing starts once %s was changed or is gone', (changed) => {
  const start = () => beside(own, 'worker.mjs', ['wasm']);
  writeFileSync(join(outside, changed), 'hostile()');
  expect(start).toThrow(/was changed since this program was packaged/);
  rmSync(join(outside, changed));
  expect(start).toThrow(/is missing or was changed/);
});

test('what the archive does not list is not run', () => {
  writeFileSync(join(outside, 'other.mjs'), '');
  expect(() => beside(own, 'other.mjs')).toThrow(/not among the files/);
});
