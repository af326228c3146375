// The settings file of this release, of others, and of nobody.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { USUAL_SETTINGS } from '@shared/link/settings';
import { SettingsStore } from './settings-store';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repmlp-settings-'));
  path = join(folder, 'settings.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const FORMAT = { format: 'repmlp-studio-settings', version: 1 };
const store = (): SettingsStore => new SettingsStore(path, false);
const text = (): Promise<string> => readFile(path, 'utf8');

test('without a file the usual settings hold, and a change is there after the next start', async () => {
  expect(store().settings).toEqual(USUAL_SETTINGS);
  await store().change({ threads: 3, backend: 'wasm' });
  expect(store().settings).toEqual({ ...USUAL_SETTINGS, threads: 3, backend: 'wasm' });
  await store().reset();
  expect(store().settings).toEqual(USUAL_SETTINGS);
});

test('an older file, with fewer fields, is taken with the usual values of the others', async () => {
  await writeFile(path, JSON.stringify({ ...FORMAT, threads: 2 }));
  expect(store().state()).toMatchObject({ settings: { ...USUAL_SETTINGS, threads: 2 }, problem: null });
});

test('fields that this release does not know are kept when another one is changed', async () => {
  await writeFile(path, JSON.stringify({ ...FORMAT, threads: 2, telescope: { eye: 'left' } }));
  await store().change({ threads: 4 });
  expect(JSON.parse(await text())).toMatchObject({ threads: 4, telescope: { eye: 'left' } });
});

test('the file of a newer release, and one that is damaged, stay byte for byte as they are, and it is said', async () => {
  for (const content of [JSON.stringify({ ...FORMAT, version: 2, threads: 'many' }), '{"format": "repmlp-studio-se', '[]', '']) {
    await writeFile(path, content);
    const settings = store();
    expect(settings.settings).toEqual(USUAL_SETTINGS);
    expect(settings.state().problem).toMatch(/is left as it is/);
    await expect(settings.change({ threads: 1 })).rejects.toThrow(/move it away/);
    await expect(settings.reset()).rejects.toThrow(/move it away/);
    expect(await text()).toBe(content);
  }
});

test('a value that makes no sense gives way to the usual one, is named, and spoils no other', async () => {
  await writeFile(path, JSON.stringify({ ...FORMAT, threads: -1, memoryMiB: 1024 }));
  const { settings, problem } = store().state();
  expect(settings).toEqual({ ...USUAL_SETTINGS, memoryMiB: 1024 });
  expect(problem).toContain('threads');
});

test('where the file cannot be written nothing is taken over', async () => {
  const settings = new SettingsStore(join(path, 'below-a-file', 'settings.json'), false);
  await writeFile(path, 'a file');
  await expect(settings.change({ threads: 1 })).rejects.toThrow();
  expect(settings.settings).toEqual(USUAL_SETTINGS);
});
