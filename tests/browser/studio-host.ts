// The browser host as users start it, in a process of its own, and a page of Chromium that shows it.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { buildWeb } from '../../electron/launcher/build.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A running browser host with an empty runs folder. */
export interface StudioHost {
  /** Address with its one-time token. */
  readonly url: string;
  readonly runsFolder: string;
  /** The most memory the host has held so far, in bytes; Linux only. */
  memoryPeak(): Promise<number>;
  stop(): Promise<void>;
}

/** Builds what is stale and starts the browser host on a free port; `more` is added to its command line, `variables` to its environment. */
export async function startStudioHost(
  more: readonly string[] = [],
  variables: Readonly<Record<string, string>> = {},
  opens: 'no browser' | 'the default browser' = 'no browser',
): Promise<StudioHost> {
  await buildWeb();
  const runsFolder = await mkdtemp(join(tmpdir(), 'repmlp-runs-'));
  const opening = opens === 'no browser' ? ['--no-browser'] : [];
  const host = spawn(process.execPath, ['dist/web-host.mjs', ...opening, '--runs', runsFolder, ...more], {
    cwd: root,
    env: { ...process.env, ...variables },
  });
  host.stderr.pipe(process.stderr);
  const url = await addressOf(host);
  return { url, runsFolder, memoryPeak: () => memoryPeak(host), stop: () => stop(host, runsFolder) };
}

/** Opens the studio in a new page; waits until the window has drawn its frame. Page errors end up in `problems`. */
export async function openStudio(browser: Browser, url: string): Promise<{ page: Page; problems: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.goto(url);
  await page.waitForSelector('#root > *');
  return { page, problems };
}

function addressOf(host: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    host.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const url = /http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]+/.exec(said)?.[0];
      if (url !== undefined) resolve(url);
    });
    host.once('exit', (code) => reject(new Error(`the browser host ended with code ${code} before it gave an address: ${said}`)));
  });
}

async function memoryPeak({ pid }: ChildProcess): Promise<number> {
  const kilobytes = /VmHWM:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}

async function stop(host: ChildProcess, runsFolder: string): Promise<void> {
  const ended = new Promise((resolve) => host.once('exit', resolve));
  if (host.exitCode === null && host.kill('SIGTERM')) await ended;
  await rm(runsFolder, { recursive: true, force: true });
}
