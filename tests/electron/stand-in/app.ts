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
  /** Messages of the system. */
  readonly notifications: StandInNotification[];
  /** Answers to questions that hold everything up, by the button's place; and what was asked. */
  readonly boxAnswers: number[];
  readonly boxes: string[];
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
    notifications: [],
    boxAnswers: [],
    boxes: [],
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

export class StandInNotification extends EventEmitter {
  constructor(
    private readonly list: StandInNotification[],
    readonly options: { readonly title: string; readonly body: string },
  ) {
    super();
  }

  show = (): void => void this.list.push(this);
}

type RequestHandler = (contents: unknown, permission: string, answer: (granted: boolean) => void) => void;

/** session, shell, dialog, Menu and Notification. */
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
      showMessageBoxSync: (_window: unknown, { message }: { message: string }) => {
        recorded.boxes.push(message);
        return recorded.boxAnswers.shift() ?? 0;
      },
    },
    Notification: class extends StandInNotification {
      static isSupported = (): boolean => true;
      constructor(options: { readonly title: string; readonly body: string }) {
        super(recorded.notifications, options);
      }
    },
    Menu: {
      buildFromTemplate: (template: MenuItemConstructorOptions[]) => template,
      setApplicationMenu: (template: MenuItemConstructorOptions[]) => void (recorded.menu = template),
    },
  };
}
