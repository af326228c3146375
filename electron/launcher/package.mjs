#!/usr/bin/env node
// `npm run package` makes the desktop app's folder in out/; with --installers (`npm run release`) also this system's installers, a
// bill of materials and checksums. Forge needs a newer Node than the studio: npm fetches one for it where necessary.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildDesktop, root } from './build.mjs';
import { BILL, CHECKSUMS, writeBill, writeChecksums } from './release-files.mjs';
import { signingFrom } from './signing.mjs';

const FORGE_NODE = 'node@24';
const INSTALLERS = join(root, 'out', 'installers');

await main();

async function main() {
  signingFrom(process.env);
  await buildDesktop();
  run('electron-forge package', `electron-forge needs Node 22.13 or newer, and ${FORGE_NODE} could not be fetched from the npm registry`);
  if (!process.argv.includes('--installers')) return;
  rmSync(INSTALLERS, { recursive: true, force: true });
  mkdirSync(INSTALLERS, { recursive: true });
  makeInstallers(packagedFolder());
  writeBill(INSTALLERS);
  const names = writeChecksums(INSTALLERS);
  console.log(`${names.join('\n')}\nchecksums in ${CHECKSUMS}, bill of materials in ${BILL}, in ${INSTALLERS}`);
}

/** @param {string} packaged the folder Forge made */
function makeInstallers(packaged) {
  const failed = 'electron-builder could not make the installers';
  if (process.platform !== 'linux') return run(`electron-builder --prepackaged "${packaged}"`, failed);
  run(`electron-builder --linux deb rpm --prepackaged "${packaged}"`, failed);
  run(`electron-builder --linux AppImage --prepackaged "${forAppImage(packaged)}"`, failed);
}

/** A copy whose program first sees whether its sandbox can work, which it cannot everywhere inside an AppImage. @param {string} packaged @returns {string} */
function forAppImage(packaged) {
  const copy = join(dirname(packaged), 'appimage');
  rmSync(copy, { recursive: true, force: true });
  cpSync(packaged, copy, { recursive: true, verbatimSymlinks: true });
  const program = join(copy, 'repmlp-studio');
  renameSync(program, `${program}.bin`);
  copyFileSync(join(dirname(fileURLToPath(import.meta.url)), 'appimage-start.sh'), program);
  chmodSync(program, 0o755);
  return copy;
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
