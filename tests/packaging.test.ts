// A packaging dry run: everything but Electron itself is real. A stand-in zip carries a fuse wire, so that
// what is packed and which fuses are set can be read from the result.
import { extractAll, extractFile, listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { zipSync } from 'fflate';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from './browser/chromium';
import { startDesktop } from './electron/stand-in/start';

const root = fileURLToPath(new URL('..', import.meta.url));
let folder: string;
let packaged: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repmlp-package-'));
  await mkdir(join(folder, 'zips'));
  const { version } = JSON.parse(await readFile(join(root, 'node_modules/electron/package.json'), 'utf8')) as { version: string };
  await writeFile(join(folder, 'zips', `electron-v${version}-linux-x64.zip`), standInZip(version));
  const env = { ...process.env, REPMLP_PACKAGE_OUT: join(folder, 'out'), REPMLP_ELECTRON_ZIPS: join(folder, 'zips') };
  await promisify(execFile)(process.execPath, ['electron/launcher/package.mjs'], { cwd: root, env });
  packaged = join(folder, 'out', readdirSync(join(folder, 'out'))[0]);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the packaged app', () => {
  it('holds the bundles, the window and the files they read, and nothing else', () => {
    const files = listPackage(join(packaged, 'resources/app.asar'), { isPack: false }).map((path) => path.replaceAll('\\', '/'));
    for (const needed of [
      'main.cjs',
      'preload.cjs',
      'engine-worker.mjs',
      'dataset-worker.mjs',
      'feed-worker.mjs',
      'renderer/index.html',
      'wasm/tfjs-backend-wasm-simd.wasm',
      'onnx-runtime/ort-wasm-simd-threaded.wasm',
      'figure-assets/DejaVuSans.ttf',
      'digits/digits.gz',
      'digits/LICENSE',
    ]) {
      expect(files).toContain(`/dist/${needed}`);
    }
    const unexpected = files.filter(
      (path) =>
        !/^\/(package\.json|dist(\/(renderer|wasm|onnx-runtime|figure-assets|assets|digits|main\.cjs|preload\.cjs|unpacked\.json|(engine|dataset|feed)-worker\.mjs).*)?)$/.test(
          path,
        ) || path.endsWith('.map'),
    );
    expect(unexpected).toEqual([]);
  });

  it('keeps the worker threads and their WASM binaries as plain files beside the archive', () => {
    const unpacked = join(packaged, 'resources/app.asar.unpacked/dist');
    for (const worker of ['engine-worker.mjs', 'dataset-worker.mjs', 'feed-worker.mjs'])
      expect(existsSync(join(unpacked, worker))).toBe(true);
    expect(existsSync(join(unpacked, 'wasm/tfjs-backend-wasm-simd.wasm'))).toBe(true);
    // Threads read the digits beside them; some two megabytes, not the package's forty.
    expect(statSync(join(unpacked, 'digits/digits.gz')).size).toBeLessThan(2e6);
  });

  it('holds the SHA-256 of every file that lies beside it, and runs none that has another', () => {
    const outside = join(packaged, 'resources/app.asar.unpacked/dist');
    const files = readdirSync(outside, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const sums = files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(outside, path).replaceAll('\\', '/'), createHash('sha256').update(readFileSync(path)).digest('hex')];
    });
    const listed = extractFile(join(packaged, 'resources/app.asar'), 'dist/unpacked.json').toString();
    expect(JSON.parse(listed)).toEqual(Object.fromEntries(sums));
    expect(sums.map(([name]) => name)).toContain('wasm/tfjs-backend-wasm-simd.wasm');
  });

  it('has all nine fuses set', async () => {
    const wire = await getCurrentFuseWire(join(packaged, 'repmlp-studio'));
    const on = [
      FuseV1Options.EnableCookieEncryption,
      FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
      FuseV1Options.OnlyLoadAppFromAsar,
      FuseV1Options.WasmTrapHandlers,
    ];
    for (let fuse = 0; fuse < 9; fuse++) {
      expect([FuseV1Options[fuse], wire[fuse as FuseV1Options]]).toEqual([
        FuseV1Options[fuse],
        on.includes(fuse) ? FuseState.ENABLE : FuseState.DISABLE,
      ]);
    }
  });

  it('runs out of its archive: main and preload show the studio', async () => {
    const app = join(folder, 'app');
    extractAll(join(packaged, 'resources/app.asar'), app);
    const browser = await launchChromium();
    const desktop = await startDesktop(browser, join(app, 'dist/main.cjs'));
    const page = await desktop.studioPage();
    await page.getByText('Runs in').waitFor();
    await desktop.stop();
    await browser.close();
  });
});

/** An Electron that is a script with a fuse wire of nine fuses, all in the state Electron ships them in. */
function standInZip(version: string): Uint8Array {
  const wire = `dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX\u0001\u0009101100011`;
  const text = (content: string): Uint8Array => Uint8Array.from(content, (letter) => letter.charCodeAt(0));
  const program = [text(`#!/bin/sh\necho stand-in\n: ${wire}\n`), { os: 3, attrs: 0o755 << 16 }] as const;
  return zipSync({
    electron: [program[0], { os: 3, attrs: program[1].attrs }],
    version: text(version),
    LICENSE: text(''),
    'resources/default_app.asar': text(''),
  });
}
