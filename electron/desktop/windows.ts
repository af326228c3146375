// The two windows: the studio's, shown once it has drawn, and a hidden one that computes and outlives it.
// No Node in either; the preload script has a world of its own.
import { BrowserWindow, dialog } from 'electron';
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
export function showStudio(onClosed: () => void, say: SayToWindows): void {
  if (studio === null) studio = openStudio(onClosed, say);
  else if (studio.isMinimized()) studio.restore();
  studio.focus();
}

export function isStudioOpen(): boolean {
  return studio !== null;
}

export function isStudioFocused(): boolean {
  return studio?.isFocused() ?? false;
}

function openStudio(onClosed: () => void, say: SayToWindows): BrowserWindow {
  const size = { width: 1280, height: 800, minWidth: 800, minHeight: 560 };
  // Electron keeps place and size of a window that has a name.
  const kept = { name: 'studio', windowStatePersistence: true };
  const window = new BrowserWindow({ ...size, ...kept, show: false, title: 'RepMLP Studio', webPreferences });
  window.once('ready-to-show', () => window.show());
  window.once('closed', () => {
    studio = null;
    onClosed();
  });
  askBeforeClosing(window);
  reloadWhenGone(window, say, 'This window had ended');
  void window.loadURL(pageUrl('index.html'));
  return window;
}

/** The page holds its window back while jobs would end with it: whether they may is the user's to say. */
function askBeforeClosing(window: BrowserWindow): void {
  window.webContents.on('will-prevent-unload', (event) => {
    const answer = dialog.showMessageBoxSync(window, {
      type: 'question',
      message: 'Jobs are under way that end with this window.',
      detail: 'Trainings go on without it. The list of jobs at the foot of the window says which jobs do not.',
      buttons: ['Stay', 'Close and end them'],
      defaultId: 0,
      cancelId: 0,
    });
    // Preventing it lets the window go.
    if (answer === 1) event.preventDefault();
  });
}

const FIRST_PAUSE_MILLISECONDS = 500;
const LONGEST_PAUSE_MILLISECONDS = 60_000;

/** Loads a window's page again when its process is gone, after a pause that grows with every time: at once it would only fail again. */
function reloadWhenGone(window: BrowserWindow, say: SayToWindows, what: string): void {
  let times = 0;
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    const pause = Math.min(LONGEST_PAUSE_MILLISECONDS, FIRST_PAUSE_MILLISECONDS * 2 ** times++);
    setTimeout(() => {
      if (!window.isDestroyed()) window.webContents.reload();
    }, pause);
    say(`${what} (${reason}); it is started again in ${pause / 1000} s. Runs go on from their last checkpoint.`);
  });
}

/** Tells every window a sentence. */
export type SayToWindows = (message: string) => void;

/** Starts the hidden window whose worker is the compute engine; started again if it crashes. */
export function startComputeWindow(say: SayToWindows): void {
  // A hidden window's timers are slowed down; training must not be.
  compute = new BrowserWindow({ show: false, webPreferences: { ...webPreferences, backgroundThrottling: false } });
  reloadWhenGone(compute, say, 'The window that computes has ended');
  void compute.loadURL(pageUrl('compute.html'));
}
