// The Chromium inside the npm package @sparticuz/chromium, unpacked once, with the NSS and expat libraries
// its archive brings along. Its fonts are those of the npm package dejavu-fonts-ttf and no others, so that it
// draws the same on every machine, one without a font included (there it would abort at the first form control).
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { withLock } from '../../electron/launcher/lock.mjs';
import type { ChromiumInstallation } from './chromium';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { resolve } = createRequire(import.meta.url);

/** Unpacks the browser where that has not been done. Throws where npm's browser cannot run. */
export async function bundledChromium(): Promise<ChromiumInstallation> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `the Chromium that npm brings runs on Linux x64, not on ${process.platform} ${process.arch}; install Chrome, Chromium or Edge, or set REPMLP_CHROMIUM to its program`,
    );
  }
  const folder = join(root, 'node_modules', '.cache', `chromium-${bundledVersion()}`);
  if (!existsSync(folder)) await withLock(`${folder}.lock`, () => unpackInto(folder));
  return {
    executable: join(folder, 'chromium'),
    environment: { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'), FONTCONFIG_FILE: writeFontsFile(folder) },
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

/** Written at every start, since a checkout may be moved; put in place whole, since several browsers start at once. */
function writeFontsFile(folder: string): string {
  const file = join(folder, 'npm-fonts.conf');
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, fontsFile(join(dirname(resolve('dejavu-fonts-ttf/package.json')), 'ttf'), join(folder, 'font-cache')));
  renameSync(draft, file);
  return file;
}

/** A fontconfig file that knows the fonts of one folder and which of them stand for the generic families. */
export function fontsFile(fonts: string, cache: string): string {
  const families = { 'sans-serif': 'DejaVu Sans', 'system-ui': 'DejaVu Sans', serif: 'DejaVu Serif', monospace: 'DejaVu Sans Mono' };
  const aliases = Object.entries(families).map(
    ([generic, family]) => `  <alias><family>${generic}</family><prefer><family>${family}</family></prefer></alias>`,
  );
  return [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">',
    '<fontconfig>',
    `  <dir>${xmlText(fonts)}</dir>`,
    `  <cachedir>${xmlText(cache)}</cachedir>`,
    ...aliases,
    // Whatever else is asked for; without it a select is drawn with the first font of the folder, one for formulas.
    '  <match><edit name="family" mode="append_last"><string>DejaVu Sans</string></edit></match>',
    '</fontconfig>',
    '',
  ].join('\n');
}

function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function bundledVersion(): string {
  const manifest = createRequire(import.meta.url)(join(dirname(resolve('@sparticuz/chromium')), '..', '..', 'package.json')) as {
    version: string;
  };
  return manifest.version;
}
