// The studio's window: no Node in it, its own world for the preload script, nothing shown before it has drawn.
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
