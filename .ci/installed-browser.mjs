// The window's first start in a browser that somebody installed on this machine; says SKIPPED where there is none.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installedChromium } from '../tests/browser/installed-chromium.mjs';

const tests = ['tests/browser/first-start.test.ts', 'tests/browser/web-host.test.ts', 'renderer/gl/gpu-picture.test.ts'];
const root = fileURLToPath(new URL('..', import.meta.url));
const browser = installedChromium();
if (browser === undefined) {
  console.log('SKIPPED: tests in an installed browser; no Chrome, Chromium or Edge is on this machine');
} else {
  console.log(`Tests in an installed browser: ${browser}`);
  const env = { ...process.env, REPMLP_CHROMIUM: browser };
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const { status } = spawnSync(process.execPath, [vitest, 'run', ...tests], { cwd: root, env, stdio: 'inherit' });
  process.exit(status ?? 1);
}
