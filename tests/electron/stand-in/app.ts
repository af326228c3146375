// Stand-in for Electron's `app` and the small modules without a window: what main.ts calls, recorded
// where a test wants to see it.
import { EventEmitter } from 'node:events';
import type { MenuItemConstructorOptions } from 'electron';

/** What tests set up and look at. */
export interface Recorded {
  readonly folder: string;
  readonly openedOutside: string[];
  /** Answers of the open dialog, first in first out. */
  readonly dialogAnswers: string[][];
  menu: MenuItemConstructorOptions[];
  permissionAsked: ((permission: string) => boolean) | null;
  sandboxed: boolean;
  /** Whether WebGL may come back after the GPU's process has ended. */
  graphicsAgain: boolean;
  quit: boolean;
}

export function nothingRecorded(folder: string): Recorded {
  return {
    folder,
    openedOutside: [],
    dialogAnswers: [],
    menu: [],
    permissionAsked: null,
    sandboxed: false,
    graphicsAgain: false,
    quit: false,
  };
}

export class StandInApp extends EventEmitter {
  constructor(private readonly recorded: Recorded) {
    super();
  }

  whenReady = (): Promise<void> => Promise.resolve();
  requestSingleInstanceLock = (): boolean => true;
  getVersion = (): string => '0.0.0-stand-in';
  getPath = (_name: string): string => this.recorded.folder;
  setAboutPanelOptions = (): void => undefined;
  enableSandbox = (): void => void (this.recorded.sandboxed = true);
  disableDomainBlockingFor3DAPIs = (): void => void (this.recorded.graphicsAgain = true);

  /** As Electron: `before-quit` may hold it up once. */
  quit = (): void => {
    let held = false;
    this.emit('before-quit', { preventDefault: () => (held = true) });
    if (!held) this.recorded.quit = true;
  };
}

type RequestHandler = (contents: unknown, permission: string, answer: (granted: boolean) => void) => void;

/** session, shell, dialog and Menu. */
export function smallModules(recorded: Recorded) {
  const defaultSession = {
    setPermissionRequestHandler: (handler: RequestHandler): void => {
      recorded.permissionAsked = (permission) => {
        let granted = true;
        handler(null, permission, (answer) => (granted = answer));
        return granted;
      };
    },
    setPermissionCheckHandler: (handler: () => boolean): void => {
      if (handler() !== false) throw new Error('stand-in: the permission check handler must deny');
    },
  };
  return {
    session: { defaultSession },
    shell: { openExternal: (url: string) => Promise.resolve(void recorded.openedOutside.push(url)) },
    dialog: {
      showOpenDialog: () => {
        const filePaths = recorded.dialogAnswers.shift() ?? [];
        return Promise.resolve({ canceled: filePaths.length === 0, filePaths });
      },
    },
    Menu: {
      buildFromTemplate: (template: MenuItemConstructorOptions[]) => template,
      setApplicationMenu: (template: MenuItemConstructorOptions[]) => void (recorded.menu = template),
    },
  };
}
