#!/usr/bin/env node
// `node tests/pytorch/run.mjs [--all]`: bundles trained by a real PyTorch, where there is one; says SKIPPED where there is none.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { buildNode, dist, moduleOptions } from '../../electron/launcher/build.mjs';

/** A Python that has torch and Pillow, or null. @returns {string | null} */
function pythonWithTorch() {
  for (const python of [process.env.REPMLP_PYTHON, 'python3', '/usr/bin/python3'].filter((name) => name !== undefined)) {
    try {
      execFileSync(python, ['-c', 'import torch, PIL'], { stdio: 'ignore' });
      return python;
    } catch {
      // The next one may have them.
    }
  }
  return null;
}

const python = pythonWithTorch();
if (python === null) {
  console.log('SKIPPED: no Python with torch and Pillow was found (REPMLP_PYTHON names one)');
} else {
  await buildNode();
  const output = join(dist, 'bench', `pytorch-${process.pid}.mjs`);
  try {
    const external = ['electron', 'playwright-core', 'esbuild', 'vite'];
    await build({
      ...moduleOptions(),
      external,
      sourcemap: 'inline',
      entryPoints: ['tests/pytorch/pytorch.ts'],
      outfile: output,
      outExtension: {},
    });
    const { run } = await import(pathToFileURL(output).href);
    await run(python, process.argv.slice(2));
  } finally {
    rmSync(output, { force: true });
  }
}
