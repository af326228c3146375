// Electron's security checklist, item by item, each with what holds it in the running app (against the stand-in), its built files or
// its packaging. Numbers are those of the list in Electron's documentation.
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { CONNECT_CHANNEL } from '../../electron/desktop/channel';
import type { Desktop } from './stand-in/start';
import { toAppUrl } from './stand-in/window';

export interface Running {
  readonly desktop: Desktop;
  readonly page: Page;
}

type Item = readonly [number: number, says: string, holds: (running: Running) => unknown];

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** What every window was made with: a setting that is not named is Electron's own, which is the safe one for all of these. */
const eachWindow = ({ desktop }: Running, settings: Readonly<Record<string, unknown>>): void => {
  expect(desktop.windows.length).toBeGreaterThanOrEqual(2);
  for (const { preferences } of desktop.windows)
    expect(Object.fromEntries(Object.keys(settings).map((name) => [name, preferences[name]]))).toEqual(settings);
};

const policyOf = ({ page }: Running): Promise<string> =>
  page.evaluate(async () => (await fetch('/index.html')).headers.get('content-security-policy') ?? '');

const addressesOf = async ({ desktop }: Running): Promise<string[]> =>
  Promise.all(desktop.windows.map(async (window) => toAppUrl((await window.page).url())));

/** Whether an event of a window's contents is prevented. */
function isPrevented({ desktop }: Running, name: string, details: object): boolean {
  let prevented = 0;
  for (const { webContents } of desktop.windows) webContents.emit(name, { ...details, preventDefault: () => prevented++ });
  expect([0, desktop.windows.length]).toContain(prevented);
  return prevented > 0;
}

/** Addresses that a page must not lead to, nor have opened. */
const HOSTILE = [
  'https://hostile.example/',
  'http://arxiv.org/abs/2105.01883',
  'https://arxiv.org.hostile.example/',
  'https://arxiv.org@hostile.example/',
  'https://arxiv.org:8443/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'smb://hostile.example/share',
  'ms-settings:about',
  'app://elsewhere/index.html',
  'no address at all',
];

/** How often a port is taken that comes with this sender. */
function taken({ desktop }: Running, senderFrame: object | null, purpose: unknown): number {
  let started = 0;
  const port = { start: () => started++, on: () => port, once: () => port, postMessage: () => undefined, close: () => undefined };
  desktop.ipc.emit(CONNECT_CHANNEL, { ports: [port], senderFrame }, purpose);
  return started;
}

const leaked = ({ page }: Running): Promise<string[]> =>
  page.evaluate(() =>
    ['require', 'process', 'module', 'Buffer', 'ipcRenderer', 'electron', '__toMain'].filter((name) => name in globalThis),
  );

export const CHECKLIST: readonly Item[] = [
  [
    1,
    'loads secure content alone',
    async (running) => {
      expect((await addressesOf(running)).filter((address) => !address.startsWith('app://studio/'))).toEqual([]);
      expect(await policyOf(running)).not.toMatch(/http:|ws:|\*/);
    },
  ],
  [
    2,
    'gives no page Node',
    async (running) => {
      eachWindow(running, { nodeIntegration: false, nodeIntegrationInWorker: undefined, nodeIntegrationInSubFrames: undefined });
      expect(await leaked(running)).toEqual([]);
    },
  ],
  [3, 'isolates the context of its preload script', (running) => eachWindow(running, { contextIsolation: true })],
  [
    4,
    'sandboxes every process',
    (running) => {
      expect(running.desktop.recorded.sandboxed).toBe(true);
      eachWindow(running, { sandbox: true });
    },
  ],
  [
    5,
    'denies every permission that a page asks for',
    ({ desktop }) => {
      const asked = [
        'media',
        'geolocation',
        'notifications',
        'midi',
        'clipboard-read',
        'fileSystem',
        'openExternal',
        'hid',
        'usb',
        'unknown',
      ];
      expect(asked.map((name) => desktop.recorded.permissionAsked?.(name))).toEqual(asked.map(() => false));
    },
  ],
  [6, 'leaves web security on', (running) => eachWindow(running, { webSecurity: true })],
  [
    7,
    'has a content security policy that names what may run',
    async (running) => {
      const policy = await policyOf(running);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toMatch(/script-src 'self'/);
      expect(/script-src[^;]*/.exec(policy)?.[0]).not.toMatch(/unsafe-inline|'unsafe-eval'/);
    },
  ],
  [8, 'runs no insecure content', (running) => eachWindow(running, { allowRunningInsecureContent: undefined })],
  [9, 'turns no experimental feature on', (running) => eachWindow(running, { experimentalFeatures: undefined })],
  [10, 'turns no feature of Blink on', (running) => eachWindow(running, { enableBlinkFeatures: undefined })],
  [
    11,
    'embeds no webview, and so none that opens windows',
    async (running) => {
      eachWindow(running, { webviewTag: undefined });
      expect(await running.page.locator('webview').count()).toBe(0);
    },
  ],
  [12, 'lets no webview be attached', (running) => expect(isPrevented(running, 'will-attach-webview', {})).toBe(true)],
  [
    13,
    'lets no page lead a window elsewhere',
    (running) => {
      expect(HOSTILE.filter((url) => !isPrevented(running, 'will-navigate', { url }))).toEqual([]);
      expect(isPrevented(running, 'will-navigate', { url: 'app://studio/index.html' })).toBe(false);
    },
  ],
  [
    14,
    'opens no window for a page',
    ({ desktop }) => {
      for (const { webContents } of desktop.windows)
        for (const url of HOSTILE) expect(webContents.openHandler?.({ url })).toEqual({ action: 'deny' });
    },
  ],
  [
    15,
    "hands the user's browser only addresses of its list",
    ({ desktop }) => {
      const before = desktop.recorded.openedOutside.length;
      for (const { webContents } of desktop.windows) for (const url of HOSTILE) webContents.openHandler?.({ url });
      expect(desktop.recorded.openedOutside.slice(before)).toEqual([]);
    },
  ],
  [
    16,
    'is built with one exact, recent Electron',
    () => {
      const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: Record<string, string> };
      expect(devDependencies.electron).toMatch(/^\d+\.\d+\.\d+$/);
      expect(Number.parseInt(devDependencies.electron, 10)).toBeGreaterThanOrEqual(45);
    },
  ],
  [
    17,
    'looks at the sender of every message',
    (running) => {
      const own = { url: 'app://studio/index.html', parent: null };
      const strangers = [null, { ...own, parent: {} }, ...HOSTILE.map((url) => ({ url, parent: null }))];
      expect(strangers.filter((frame) => taken(running, frame, 'rpc') > 0)).toEqual([]);
      expect(['shell', '', null, undefined, 1, {}].filter((purpose) => taken(running, own, purpose) > 0)).toEqual([]);
    },
  ],
  [
    18,
    'has a scheme of its own, and no file://',
    async (running) => {
      expect((await addressesOf(running)).filter((address) => address.startsWith('file:'))).toEqual([]);
      expect(read('dist/main.cjs')).not.toMatch(/\.loadFile\(/);
    },
  ],
  [
    19,
    'sets every fuse, and fails to package where one is new',
    () => {
      // Which way each is set is read from the package itself, by the packaging test.
      const config = read('forge.config.ts');
      expect(config).toContain('strictlyRequireAllFuses: true');
      expect(new Set([...config.matchAll(/\[FuseV1Options\.(\w+)\]/g)].map(([, name]) => name)).size).toBe(9);
    },
  ],
  [
    20,
    'exposes nothing of Electron to a page',
    async (running) => {
      expect(await leaked(running)).toEqual([]);
      expect(read('dist/preload.cjs')).not.toContain('exposeInMainWorld');
    },
  ],
];
