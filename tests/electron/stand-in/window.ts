// Stand-in for BrowserWindow and its webContents: a page of a real Chromium. Refuses web preferences that
// would weaken a window, so it checks the settings too.
import { EventEmitter } from 'node:events';
import type { BrowserContext, Page, Route } from 'playwright-core';
import { installPreload, type OnIpc } from './preload-world';

/** Where pages of app://studio/ are loaded from in the test browser: a secure origin of no real server. */
const TEST_ORIGIN = 'https://studio.test';

export function toTestUrl(url: string): string {
  return url.replace(/^app:\/\/studio/, TEST_ORIGIN);
}

export function toAppUrl(url: string): string {
  return url.startsWith(TEST_ORIGIN) ? `app://studio${url.slice(TEST_ORIGIN.length)}` : url;
}

type WindowOpenHandler = (details: { url: string }) => { action: 'allow' | 'deny' };
export type SchemeHandler = (request: Request) => Promise<Response>;

/** What windows share. */
export interface WindowWorld {
  readonly context: BrowserContext;
  readonly windows: StandInWindow[];
  schemeHandler: SchemeHandler | null;
  onIpc(window: StandInWindow, ...message: Parameters<OnIpc>): void;
  onCreated(contents: StandInContents): void;
}

export class StandInContents extends EventEmitter {
  openHandler: WindowOpenHandler | null = null;
  /** Loads the page again. */
  reload: () => void = () => undefined;

  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.openHandler = handler;
  }
}

export interface WindowOptions {
  readonly show?: boolean;
  readonly name?: string;
  readonly windowStatePersistence?: unknown;
  readonly webPreferences?: Readonly<Record<string, unknown>>;
}

export class StandInWindow extends EventEmitter {
  readonly webContents = new StandInContents();
  readonly page: Promise<Page>;
  visible: boolean;
  /** The web preferences it was made with. */
  readonly preferences: Readonly<Record<string, unknown>>;
  /** Whether Electron keeps its place and size. */
  readonly keepsState: boolean;
  /** The address the window itself was told to load: no `will-navigate` for that. */
  private loading = '';

  constructor(
    private readonly world: WindowWorld,
    { show = true, webPreferences = {}, name, windowStatePersistence }: WindowOptions,
  ) {
    super();
    refuseWeak(webPreferences);
    this.preferences = webPreferences;
    if (windowStatePersistence && !name) throw new Error('stand-in: the state of a window without a name is not kept');
    this.keepsState = Boolean(windowStatePersistence);
    this.visible = show;
    world.windows.push(this);
    world.onCreated(this.webContents);
    this.page = this.openPage(String(webPreferences.preload));
    this.page.catch((error: unknown) => this.emit('error', error));
    this.webContents.reload = () => void this.page.then((page) => page.reload()).catch((error: unknown) => this.emit('error', error));
  }

  async loadURL(url: string): Promise<void> {
    this.loading = toTestUrl(url);
    await (await this.page).goto(this.loading);
    this.emit('ready-to-show');
  }

  show = (): void => void (this.visible = true);
  focus = (): void => undefined;
  restore = (): void => undefined;
  isMinimized = (): boolean => false;
  focused = true;
  isFocused = (): boolean => this.focused;
  isDestroyed = (): boolean => !this.world.windows.includes(this);

  /** Closes the window as the user does. */
  async close(): Promise<void> {
    await (await this.page).close();
    this.world.windows.splice(this.world.windows.indexOf(this), 1);
    this.emit('closed');
  }

  private async openPage(preload: string): Promise<Page> {
    const page = await this.world.context.newPage();
    await page.route('**/*', (route) => this.answer(page, route));
    const session = await page.context().newCDPSession(page);
    session.on('Page.windowOpen', ({ url }) => this.answerOpen(url));
    await session.send('Page.enable');
    page.on('popup', (popup) => void popup.close());
    await installPreload(page, preload, (...message) => this.world.onIpc(this, ...message));
    return page;
  }

  private async answer(page: Page, route: Route): Promise<void> {
    const request = route.request();
    const isNavigation = request.isNavigationRequest() && request.frame() === page.mainFrame();
    // An empty answer (204) leaves the page where it is, as a prevented navigation does.
    if (isNavigation && request.url() !== this.loading && this.isPrevented(request.url())) return route.fulfill({ status: 204 });
    if (!request.url().startsWith(TEST_ORIGIN)) return route.abort();
    await fulfil(route, this.world.schemeHandler);
  }

  private isPrevented(url: string): boolean {
    let prevented = false;
    this.webContents.emit('will-navigate', { url: toAppUrl(url), preventDefault: () => (prevented = true) });
    return prevented;
  }

  /** Windows opened by pages are not bridged: main must deny them. */
  private answerOpen(url: string): void {
    const { action } = this.webContents.openHandler?.({ url: toAppUrl(url) }) ?? { action: 'allow' };
    if (action !== 'deny') this.emit('error', new Error(`stand-in: main allowed a page to open ${url}`));
  }
}

/** Answers a request for app://studio/ with the handler main registered. */
async function fulfil(route: Route, handler: SchemeHandler | null): Promise<void> {
  if (handler === null) return route.abort();
  const request = route.request();
  const body = request.postDataBuffer();
  const init = { method: request.method(), headers: request.headers(), ...(body === null ? {} : { body: new Uint8Array(body) }) };
  const response = await handler(new Request(toAppUrl(request.url()), init));
  const headers = Object.fromEntries(response.headers);
  await route.fulfill({ status: response.status, headers, body: Buffer.from(await response.arrayBuffer()) });
}

function refuseWeak(preferences: Readonly<Record<string, unknown>>): void {
  const wanted = { sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true };
  for (const [name, value] of Object.entries(wanted)) {
    if (preferences[name] !== value) throw new Error(`stand-in: webPreferences.${name} must be ${value}, is ${String(preferences[name])}`);
  }
  for (const name of [
    'allowRunningInsecureContent',
    'experimentalFeatures',
    'enableBlinkFeatures',
    'webviewTag',
    'nodeIntegrationInWorker',
  ]) {
    if (preferences[name]) throw new Error(`stand-in: webPreferences.${name} must not be set`);
  }
}
