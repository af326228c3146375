// Bundles the Node-side programs (command line, web host, engine worker) with esbuild into dist/,
// only when a source is newer than the bundle, so that a fresh clone needs no separate build step.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const dist = join(root, 'dist');

/** Entry points on the Node side: bundle name -> source. */
const nodeEntries = {
  cli: 'electron/cli/main.ts',
};

/** Builds the Node bundles if they are missing or stale. @returns {Promise<void>} */
export async function buildNode() {
  const output = join(dist, 'cli.mjs');
  if (existsSync(output) && statSync(output).mtimeMs > newestSource(['electron', 'src-shared'])) return;
  await build({
    absWorkingDir: root,
    entryPoints: nodeEntries,
    outdir: dist,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: true,
    mainFields: ['module', 'main'],
    external: ['electron'],
    alias: { '@shared': join(root, 'src-shared') },
    // Bundled CommonJS packages call require() for Node's own modules.
    banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
    logLevel: 'error',
  });
}

/** @param {string[]} folders @returns {number} newest modification time (ms) of any source below them */
function newestSource(folders) {
  let newest = statSync(join(root, 'package.json')).mtimeMs;
  for (const folder of folders) {
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) newest = Math.max(newest, statSync(join(entry.parentPath, entry.name)).mtimeMs);
    }
  }
  return newest;
}
