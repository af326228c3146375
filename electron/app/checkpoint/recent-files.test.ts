import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RecentFiles } from './recent-files';

let folder: string;
let recent: RecentFiles;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recent-files-'));
  recent = new RecentFiles(join(folder, 'recent-files.json'), join(folder, '.uploads'));
});
afterEach(() => rm(folder, { recursive: true }));

async function file(name: string, text = 'weights'): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

test('files opened by path are listed newest first, each once, with their size', async () => {
  const [a, b] = [await file('a.pth'), await file('b.pth', 'longer weights')];
  for (const path of [a, b, a]) await recent.add(path);
  expect(await recent.list()).toEqual([
    { path: a, name: 'a.pth', bytes: 7, uploaded: false },
    { path: b, name: 'b.pth', bytes: 14, uploaded: false },
  ]);
});

test('a file that is gone is listed as gone', async () => {
  await recent.add(join(folder, 'gone.pth'));
  expect((await recent.list())[0].bytes).toBeNull();
});

test('a file handed over is kept as a copy that a later window finds', async () => {
  const copy = await recent.keep(await file('upload.pth'));
  await recent.add(copy);
  const later = new RecentFiles(join(folder, 'recent-files.json'), join(folder, '.uploads'));
  expect(await later.list()).toEqual([{ path: copy, name: 'upload.pth', bytes: 7, uploaded: true }]);
  expect(await readFile(copy, 'utf8')).toBe('weights');
  expect(existsSync(join(folder, 'upload.pth'))).toBe(false);
});

test('a file handed over twice is kept once, another of that name beside it', async () => {
  const first = await recent.keep(await file('upload.pth'));
  await recent.add(first);
  expect(await recent.keep(await file('upload.pth'))).toBe(first);
  expect(existsSync(join(folder, 'upload.pth'))).toBe(false);
  // The same name and size.
  const other = await recent.keep(await file('upload.pth', 'wEIGHTS'));
  expect(other).not.toBe(first);
  expect([await readFile(first, 'utf8'), await readFile(other, 'utf8')]).toEqual(['weights', 'wEIGHTS']);
});

test('forgetting deletes a copy of ours, and no other file', async () => {
  const own = await file('own.pth');
  const copy = await recent.keep(await file('upload.pth'));
  for (const path of [own, copy]) await recent.add(path);
  for (const path of [own, copy]) await recent.forget(path);
  expect(await recent.list()).toEqual([]);
  expect([existsSync(own), existsSync(copy)]).toEqual([true, false]);
});

test('no detour through the folder of copies deletes anything else', async () => {
  const copy = await recent.keep(await file('upload.pth'));
  const own = await file('own.pth');
  for (const path of [`${folder}/.uploads/../own.pth`, `${folder}/.uploads/x`, `${copy}/../../x`, `${folder}/.uploads/../x`]) {
    await recent.forget(path);
  }
  expect([existsSync(own), existsSync(copy)]).toEqual([true, true]);
});

test('a copy goes when it falls off the end of the list', async () => {
  const copy = await recent.keep(await file('upload.pth'));
  await recent.add(copy);
  for (let i = 0; i < 10; i++) await recent.add(join(folder, `${i}.pth`));
  expect((await recent.list()).map(({ path }) => path)).not.toContain(copy);
  expect(readdirSync(join(folder, '.uploads'))).toEqual([]);
});

test.each([
  ['damaged', '{"not": ["a list'],
  ['of a later release', '{"format": "repmlp-recent", "version": 2, "files": [{"path": "/a.pth"}]}'],
  ['with entries of a later release', '["/a.pth", {"path": "/b.pth"}]'],
])('a list that is %s is kept beside the new one, as is one before it', async (_, text) => {
  const list = join(folder, 'recent-files.json');
  for (const name of ['recent-files.unreadable.json', 'recent-files.unreadable-2.json']) {
    await writeFile(list, text);
    await recent.add(await file('own.pth'));
    expect(await readFile(join(folder, name), 'utf8')).toBe(text);
  }
  expect((await recent.list()).map(({ path }) => path)[0]).toBe(join(folder, 'own.pth'));
});
