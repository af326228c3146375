// The two windows: the studio's, shown once it has drawn, and a hidden one that computes and outlives it.
// No Node in either; the preload script has a world of its own.
import { BrowserWindow } from 'electron';
import { join } from 'node:path';
import { pageUrl } from './scheme';

const webPreferences = {
  preload: join(__dirname, 'preload.cjs'),
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  webSecurity: true,
} as const;

let compute: BrowserWindow | null = null;
let studio: BrowserWindow | null = null;

/** Shows the studio's window, opening it if it is closed. */
export function showStudio(onClosed: () => void): void {
  if (studio === null) studio = openStudio(onClosed);
  else if (studio.isMinimized()) studio.restore();
  studio.focus();
}

export function isStudioOpen(): boolean {
  return studio !== null;
}

function openStudio(onClosed: () => void): BrowserWindow {
  const size = { width: 1280, height: 800, minWidth: 800, minHeight: 560 };
  const window = new BrowserWindow({ ...size, show: false, title: 'RepMLP Studio', webPreferences });
  window.once('ready-to-show', () => window.show());
  window.once('closed', () => {
    studio = null;
    onClosed();
  });
  void window.loadURL(pageUrl('index.html'));
  return window;
}

/** Starts the hidden window whose worker is the compute engine; started again if it crashes. */
export function startComputeWindow(): void {
  // A hidden window's timers are slowed down; training must not be.
  compute = new BrowserWindow({ show: false, webPreferences: { ...webPreferences, backgroundThrottling: false } });
  compute.webContents.on('render-process-gone', () => compute?.webContents.reload());
  void compute.loadURL(pageUrl('compute.html'));
}
