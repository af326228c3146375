#!/usr/bin/env node
// `npm run smoke:electron`: the main job on the real Electron, where its program is on this machine.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './build.mjs';
import { installedElectron } from './electron-binary.mjs';

const program = installedElectron();
if (program === null) {
  console.log("SKIPPED: Electron's program is not on this machine (npx install-electron downloads it)");
} else {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const { status } = spawnSync(process.execPath, [vitest, 'run', 'tests/e2e/real-electron.test.ts'], { cwd: root, stdio: 'inherit' });
  process.exit(status ?? 1);
}
