// Where Electron's program is. It comes not with the npm package but by a download of its own, which
// may be impossible; this module finds that out within seconds and says it in one sentence.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './build.mjs';

const DOWNLOAD_SECONDS = 120;
/** Silence for this long at the start means that the server cannot be reached. */
const REACH_SECONDS = 6;
const packageFolder = join(root, 'node_modules', 'electron');

/** @returns {string | null} the program, if it is there already */
export function installedElectron() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const pathFile = join(packageFolder, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const program = join(override ?? join(packageFolder, 'dist'), readFileSync(pathFile, 'utf8').trim());
  return existsSync(program) ? program : null;
}

/**
 * Finds Electron's program, or downloads it where its server answers within seconds.
 * @returns {Promise<{ program: string } | { missing: string }>} the program, or why there is none, in words for the user
 */
export async function findElectron() {
  const program = installedElectron();
  if (program !== null) return { program };
  if (!existsSync(packageFolder)) return { missing: 'the package electron is not installed' };
  if (!(await serverAnswers())) return { missing: 'its program is not on this machine and its download server cannot be reached' };
  console.error('Downloading Electron (once, about 120 MB) ...');
  if (!(await runInstaller())) return { missing: 'the download of its program failed' };
  const downloaded = installedElectron();
  return downloaded === null ? { missing: 'the download of its program failed' } : { program: downloaded };
}

/** @returns {Promise<boolean>} whether the place of Electron's releases can be reached */
async function serverAnswers() {
  // Node's fetch ignores proxies, Electron's installer does not.
  if (process.env.ELECTRON_GET_USE_PROXY) return true;
  const server =
    process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror ?? 'https://github.com/electron/electron/releases/download/';
  try {
    await fetch(server, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(REACH_SECONDS * 1000) });
    return true;
  } catch {
    return false;
  }
}

/** @returns {Promise<boolean>} whether Electron's own installer ended well in time */
function runInstaller() {
  return new Promise((resolve) => {
    const installer = spawn(process.execPath, [join(packageFolder, 'install.js')], { stdio: 'ignore', timeout: DOWNLOAD_SECONDS * 1000 });
    installer.once('error', () => resolve(false));
    installer.once('exit', (code) => resolve(code === 0));
  });
}
