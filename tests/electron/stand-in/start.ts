// Starts an unmodified main bundle against a stand-in `electron` module whose windows are pages of a real Chromium.
import { EventEmitter } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import Module, { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { nothingRecorded, smallModules, StandInApp, type Recorded } from './app';
import { StandInWindow, toAppUrl, type SchemeHandler, type WindowOptions, type WindowWorld } from './window';

/** A desktop app under test. */
export interface Desktop {
  readonly recorded: Recorded;
  readonly app: StandInApp;
  /** Main's end of what pages say to it. */
  readonly ipc: EventEmitter;
  /** Open windows, oldest first. */
  readonly windows: readonly StandInWindow[];
  /** The page of the first visible window, once there is one. */
  studioPage(): Promise<Page>;
  /** Quits as the user does, and closes the browser context. */
  stop(): Promise<void>;
}

/** Loads `main` (a CommonJS bundle) with the stand-in; `args` follow the program's name on its command line. */
export async function startDesktop(browser: Browser, main: string, args: readonly string[] = []): Promise<Desktop> {
  const folder = await mkdtemp(join(tmpdir(), 'repmlp-desktop-'));
  const recorded = nothingRecorded(folder);
  const app = new StandInApp(recorded);
  const ipcMain = new EventEmitter();
  const world = await createWorld(browser, app, ipcMain);
  const electron = { app, ipcMain, BrowserWindow: boundWindow(world), protocol: schemes(world), ...smallModules(recorded) };
  loadMain(main, electron, args);
  return {
    recorded,
    app,
    ipc: ipcMain,
    windows: world.windows,
    studioPage: () => studioPage(world),
    stop: async () => {
      app.quit();
      while (!recorded.quit) await new Promise((resolve) => setTimeout(resolve, 20));
      await world.context.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function createWorld(browser: Browser, app: EventEmitter, ipcMain: EventEmitter): Promise<WindowWorld> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  return {
    context,
    windows: [],
    schemeHandler: null,
    onCreated: (contents) => void app.emit('web-contents-created', {}, contents),
    onIpc: (window, channel, message, ports) => {
      void window.page.then((page) => ipcMain.emit(channel, { ports, senderFrame: { url: toAppUrl(page.url()), parent: null } }, message));
    },
  };
}

/** `new BrowserWindow(options)` in this world. */
function boundWindow(world: WindowWorld) {
  return class extends StandInWindow {
    constructor(options: WindowOptions) {
      super(world, options);
    }
  };
}

function schemes(world: WindowWorld) {
  let registered = '';
  return {
    registerSchemesAsPrivileged: ([{ scheme, privileges }]: { scheme: string; privileges: { standard?: boolean; secure?: boolean } }[]) => {
      if (!privileges.standard || !privileges.secure) throw new Error('stand-in: the scheme must be standard and secure');
      registered = scheme;
    },
    handle: (scheme: string, handler: SchemeHandler) => {
      if (scheme !== registered) throw new Error(`stand-in: scheme ${scheme} was not registered before the app was ready`);
      world.schemeHandler = handler;
    },
  };
}

type Loader = { _load(request: string, ...rest: unknown[]): unknown };

/** Runs the bundle with `require('electron')` answered by the stand-in. */
function loadMain(main: string, electron: unknown, args: readonly string[]): void {
  const loader = Object(Module) as Loader;
  const original = loader._load;
  const argv = process.argv;
  const require = createRequire(import.meta.url);
  loader._load = function (request, ...rest) {
    return request === 'electron' ? electron : original.call(this, request, ...rest);
  };
  process.argv = [process.execPath, ...args];
  try {
    delete require.cache[require.resolve(main)];
    require(main);
  } finally {
    loader._load = original;
    process.argv = argv;
  }
}

async function studioPage(world: WindowWorld): Promise<Page> {
  for (;;) {
    const window = world.windows.find(({ visible }) => visible);
    if (window !== undefined) return window.page;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
