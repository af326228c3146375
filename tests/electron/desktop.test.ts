// The desktop app's own code (main, preload, windows), as bundled, against the stand-in `electron` in a
// real Chromium.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { buildDesktop } from '../../electron/launcher/build.mjs';
import { commands } from '../../renderer/shell/commands';
import { launchChromium } from '../browser/chromium';
import { CHECKLIST } from './checklist';
import { startDesktop, type Desktop } from './stand-in/start';

const main = fileURLToPath(new URL('../../dist/main.cjs', import.meta.url));
const weightsFolder = fileURLToPath(new URL('../reference/pth', import.meta.url));
let browser: Browser;
let desktop: Desktop;
let page: Page;

beforeAll(async () => {
  await buildDesktop();
  browser = await launchChromium();
  desktop = await startDesktop(browser, main);
  page = await desktop.studioPage();
  await page.getByText('Runs in').waitFor();
});

afterAll(async () => {
  await desktop?.stop();
  await browser?.close();
});

test.each(CHECKLIST)("%i of Electron's checklist: it %s", async (_number, _says, holds) => {
  await holds({ desktop, page });
});

test('the checklist has its twenty items', () => {
  expect(CHECKLIST.map(([number]) => number)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
});

describe('the desktop app', () => {
  it('shows the studio, connected to its service by a port', async () => {
    expect(await page.getByTestId('status').textContent()).toContain(`Runs in ${desktop.recorded.folder}`);
  });

  it('reconnects after a reload', async () => {
    await page.reload();
    await page.getByTestId('status-connection').filter({ hasText: 'Connected' }).waitFor();
  });

  it('isolates the page: shared memory, a secure context, nothing of Node or Electron', async () => {
    const seen = await page.evaluate(() => ({
      isolated: crossOriginIsolated,
      secure: isSecureContext,
      leaked: ['require', 'process', 'module', 'ipcRenderer', '__toMain', '__fromMain'].filter((name) => name in globalThis),
    }));
    expect(seen).toEqual({ isolated: true, secure: true, leaked: [] });
  });

  it('runs no inline script', async () => {
    const ran = await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'globalThis.injected = true';
      document.head.append(script);
      return 'injected' in globalThis;
    });
    expect(ran).toBe(false);
  });

  it('stays in the app when a page tries to lead it elsewhere', async () => {
    const before = page.url();
    await page.evaluate(() => void (location.href = 'https://hostile.example/'));
    await page.waitForTimeout(300);
    expect(page.url()).toBe(before);
  });

  it('opens links of the allow-list outside and no others, and never a window', async () => {
    await page.evaluate(() => void window.open('https://arxiv.org/abs/2105.01883'));
    await expect.poll(() => desktop.recorded.openedOutside).toEqual(['https://arxiv.org/abs/2105.01883']);
    await page.evaluate(() => void window.open('https://hostile.example/'));
    await page.waitForTimeout(300);
    expect(desktop.recorded.openedOutside).toHaveLength(1);
    expect(desktop.windows.filter(({ visible }) => visible)).toHaveLength(1);
  });

  it('sandboxes windows and denies every permission', () => {
    expect(desktop.recorded.sandboxed).toBe(true);
    expect(['media', 'geolocation', 'clipboard-read'].map((name) => desktop.recorded.permissionAsked?.(name))).toEqual([
      false,
      false,
      false,
    ]);
  });

  it("takes labels and keys of its menus from the window's commands", () => {
    const ownMenus = desktop.recorded.menu.filter(({ label }) => commands.some(({ group }) => group === label));
    const shown = ownMenus.flatMap(({ submenu }) => submenu as { id?: string; label: string; accelerator?: string }[]);
    expect(shown.length).toBeGreaterThan(10);
    // Those of the system, such as Copy, have none.
    for (const { id, label, accelerator } of shown.filter(({ id }) => id !== undefined)) {
      const command = commands.find((one) => one.id === id);
      expect([label, accelerator]).toEqual([command?.label, command?.keys?.replace('Mod', 'CmdOrCtrl')]);
    }
  });

  it('shows the weights file that the system asks to open', async () => {
    desktop.app.emit('open-file', { preventDefault: () => undefined }, join(weightsFolder, 'net_tiny_train.pth'));
    await page.getByTestId('checkpoint').filter({ hasText: 'net_tiny_train.pth' }).waitFor();
    expect(await page.getByTestId('tensors').textContent()).toContain('107 of 107');
  });

  it('opens what was chosen in the dialog of the system, and lists both files as recent', async () => {
    desktop.recorded.dialogAnswers.push([join(weightsFolder, 'net_tiny_deploy.pth')]);
    await page.getByTestId('open-checkpoint').click();
    await page.getByTestId('checkpoint').filter({ hasText: 'net_tiny_deploy.pth' }).waitFor();
    await expect.poll(() => page.getByTestId('recent-files').locator('li').count()).toBe(2);
  });

  it('lets pages have WebGL again after the GPU process has ended, and says that it has', async () => {
    expect(desktop.recorded.graphicsAgain).toBe(true);
    desktop.app.emit('child-process-gone', {}, { type: 'GPU', reason: 'crashed', exitCode: 139 });
    await page.getByText(/The GPU's process has ended \(crashed, 139\)/).waitFor();
    desktop.app.emit('child-process-gone', {}, { type: 'GPU', reason: 'clean-exit', exitCode: 0 });
    await page.waitForTimeout(200);
    expect(await page.getByText(/The GPU's process has ended/).count()).toBe(1);
  });

  it('starts the window that computes again when its process is gone, and says so', async () => {
    const computing = desktop.windows.find(({ visible }) => !visible);
    const reloaded = computing?.page.then((hidden) => hidden.waitForEvent('load'));
    computing?.webContents.emit('render-process-gone', {}, { reason: 'oom', exitCode: 1 });
    await page.getByText(/The window that computes has ended \(oom\); it is started again in 0.5 s/).waitFor();
    expect(await reloaded).toBeDefined();
  });

  it('keeps place and size of its window, by Electron itself', () => {
    expect(desktop.windows.map(({ visible, keepsState }) => [visible, keepsState])).toEqual(expect.arrayContaining([[true, true]]));
  });

  it('asks before a window is closed with which jobs end, and lets it go only where the user says so', () => {
    const contents = desktop.windows.find(({ visible }) => visible)?.webContents;
    let closed = 0;
    const ask = (answer: number): void => {
      desktop.recorded.boxAnswers.push(answer);
      contents?.emit('will-prevent-unload', { preventDefault: () => closed++ });
    };
    ask(0);
    expect([desktop.recorded.boxes, closed]).toEqual([['Jobs are under way that end with this window.'], 0]);
    ask(1);
    expect(closed).toBe(1);
  });

  it('runs a menu command in the window', async () => {
    const go = desktop.recorded.menu.find(({ label }) => label === 'Go')?.submenu as { id: string; click: () => void }[];
    go.find(({ id }) => id === 'go-cost')?.click();
    await page.getByTestId('stage-cost').waitFor();
  });
});
