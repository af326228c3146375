// The main job on the real Electron; skipped where its program is not on this machine.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron } from 'playwright-core';
import { expect, it } from 'vitest';
import { buildDesktop } from '../../electron/launcher/build.mjs';
import { installedElectron } from '../../electron/launcher/electron-binary.mjs';
import { mainJob } from './main-job';

const program = installedElectron();

it.skipIf(program === null)('the main job goes from model to figure in the real Electron', async () => {
  await buildDesktop();
  const home = await mkdtemp(join(tmpdir(), 'repmlp-electron-'));
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const env = { ...(process.env as Record<string, string>), HOME: home, XDG_CONFIG_HOME: home, XDG_DOCUMENTS_DIR: home };
  const app = await _electron.launch({ executablePath: program as string, args: [root, `--user-data-dir=${home}`, '--no-sandbox'], env });
  try {
    const page = await app.firstWindow();
    expect(await page.evaluate(() => [crossOriginIsolated, isSecureContext, 'require' in globalThis])).toEqual([true, true, false]);
    const outcome = await mainJob(page);
    expect(outcome).toMatchObject({ equivalent: 'true', complaints: [] });
  } finally {
    await app.close();
    await rm(home, { recursive: true, force: true });
  }
});
