// `npm run web` with a display: what the opener of the default browser is told, here a script that notes it.
// Other users of a machine see the arguments of every program, so the token is in none.
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { launchChromium } from './chromium';
import { startStudioHost, type StudioHost } from './studio-host';

/** Notes the arguments of itself and of the program that started it. */
const OPENER = `#!${process.execPath}
const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const opener = process.argv.slice(2);
const starter = readFileSync('/proc/' + process.ppid + '/cmdline', 'utf8').split('\\0');
writeFileSync(process.env.OPENED + '.part', JSON.stringify({ opener, starter }));
renameSync(process.env.OPENED + '.part', process.env.OPENED);
`;

interface Opened {
  readonly host: StudioHost;
  readonly opener: readonly string[];
  readonly starter: readonly string[];
}

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

/** Starts the studio and waits until it has opened "the default browser". */
async function openStudio(): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), 'repmlp-opener-'));
  folders.push(folder);
  await writeFile(join(folder, 'xdg-open'), OPENER, { mode: 0o755 });
  const opened = join(folder, 'opened.json');
  const variables = { DISPLAY: ':99', OPENED: opened, PATH: `${folder}${delimiter}${process.env.PATH}` };
  const host = await startStudioHost([], variables, 'the default browser');
  await vi.waitUntil(() => existsSync(opened), { timeout: 60_000 });
  return { host, ...(JSON.parse(await readFile(opened, 'utf8')) as Omit<Opened, 'host'>) };
}

describe.runIf(process.platform === 'linux')('the default browser', () => {
  let browser: Browser;
  let opened: Opened;

  beforeAll(async () => {
    [browser, opened] = await Promise.all([launchChromium(), openStudio()]);
  });
  afterAll(async () => {
    await browser?.close();
    await opened?.host.stop();
  });

  it('is opened with the path of a page, and no program is told the token in it', async () => {
    const { opener, starter, host } = opened;
    expect(opener).toHaveLength(1);
    const token = /#token=([\w-]{20,})/.exec(await readFile(opener[0], 'utf8'))?.[1];
    expect(token).toBeDefined();
    expect(token).not.toBe(new URL(host.url).hash.replace('#token=', ''));
    expect(starter).toContain('dist/web-host.mjs');
    for (const argument of [...opener, ...starter]) {
      expect(argument).not.toContain(token);
      expect(argument).not.toContain('token=');
    }
  });

  it('is led by the page into the studio, after which the page is gone', async () => {
    const [path] = opened.opener;
    const page = await browser.newPage();
    await page.goto(pathToFileURL(path).href);
    await page.getByTestId('status-connection').filter({ hasText: 'Connected' }).waitFor();
    expect(page.url()).toBe(`${new URL(opened.host.url).origin}/`);
    await vi.waitUntil(() => !existsSync(path));
    await page.close();
  });

  it('takes nothing from the printed address, which opens another', async () => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(opened.host.url);
    await page.getByTestId('status-connection').filter({ hasText: 'Connected' }).waitFor();
    await page.close();
  });

  it('that never came leaves no page behind when the studio ends', async () => {
    const { host, opener } = await openStudio();
    expect(existsSync(opener[0])).toBe(true);
    await host.stop();
    expect(existsSync(opener[0])).toBe(false);
  });
});
