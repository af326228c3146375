#!/usr/bin/env node
// `npm start`: opens the desktop app; where Electron cannot be had, says so in a sentence and opens the
// browser host instead.
import { spawn } from 'node:child_process';
import { buildDesktop, root } from './build.mjs';
import { findElectron } from './electron-binary.mjs';

const hasDisplay = process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
const electron = hasDisplay ? await findElectron() : { missing: 'this session has no display' };
if ('missing' in electron) {
  console.error(`The desktop app cannot be opened (${electron.missing}), so RepMLP Studio is served to your browser instead.`);
  await import('./web.mjs');
} else {
  await buildDesktop();
  const app = spawn(electron.program, [root, ...process.argv.slice(2)], { stdio: 'inherit' });
  app.once('exit', (code) => process.exit(code ?? 1));
}
