// Files the figure writers need at run time: the DejaVu faces and resvg's WebAssembly. A packaged app
// carries them in `figure-assets` beside its bundle; a checkout takes them from the npm packages.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Modules to copy into `figure-assets` when packaging. */
export const FIGURE_ASSETS = {
  regular: 'dejavu-fonts-ttf/ttf/DejaVuSans.ttf',
  bold: 'dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf',
  serif: 'dejavu-fonts-ttf/ttf/DejaVuSerif.ttf',
  'serif-bold': 'dejavu-fonts-ttf/ttf/DejaVuSerif-Bold.ttf',
  resvg: '@resvg/resvg-wasm/index_bg.wasm',
} as const;

const here = fileURLToPath(import.meta.url);

/** Reads one of the assets. Rejects with Node's error where it is neither beside the bundle nor installed. */
export async function figureAsset(name: keyof typeof FIGURE_ASSETS): Promise<Uint8Array> {
  const packaged = join(dirname(here), 'figure-assets', basename(FIGURE_ASSETS[name]));
  const path = existsSync(packaged) ? packaged : createRequire(here).resolve(FIGURE_ASSETS[name]);
  return new Uint8Array(await readFile(path));
}
