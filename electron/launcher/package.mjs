#!/usr/bin/env node
// `npm run package` makes the desktop app's folder in out/; with --installers (`npm run make`) also this
// system's installers. Forge needs a newer Node than the studio: npm fetches one for it where necessary.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildDesktop, root } from './build.mjs';

const FORGE_NODE = 'node@24';

await buildDesktop();
run('electron-forge package', `electron-forge needs Node 22.13 or newer, and ${FORGE_NODE} could not be fetched from the npm registry`);
if (process.argv.includes('--installers')) {
  run(`electron-builder --prepackaged "${packagedFolder()}"`, 'electron-builder could not make the installers');
}

/** Runs a command of node_modules/.bin under a Node that Forge accepts. @param {string} command @param {string} otherwise what it means if even Node cannot be started */
function run(command, otherwise) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const isNew = major > 22 || (major === 22 && minor >= 13);
  const args = ['exec', '--yes', ...(isNew ? [] : [`--package=${FORGE_NODE}`]), '-c', command];
  if (
    !isNew &&
    spawnSync('npm', ['exec', '--yes', `--package=${FORGE_NODE}`, '-c', 'node --version'], { cwd: root, shell: false }).status !== 0
  ) {
    console.error(otherwise);
    process.exit(2);
  }
  const { status } = spawnSync('npm', args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/** @returns {string} the folder Forge made for this system */
function packagedFolder() {
  const out = process.env.REPMLP_PACKAGE_OUT ?? join(root, 'out');
  const name = readdirSync(out).find((folder) => folder.endsWith(`-${process.platform}-${process.arch}`));
  if (name === undefined || !existsSync(join(out, name))) throw new Error(`nothing was packaged in ${out}`);
  return join(out, name);
}
