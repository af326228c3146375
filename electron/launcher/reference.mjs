#!/usr/bin/env node
// `npm run reference`: bundles what writes the pages of help that are made of the code, and runs it.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { dist, moduleOptions, root } from './build.mjs';

process.chdir(root);
const output = join(dist, `reference-${process.pid}.mjs`);
try {
  await build({
    ...moduleOptions(),
    sourcemap: false,
    entryPoints: ['electron/cli/reference/write.ts'],
    outfile: output,
    outExtension: {},
  });
  await import(pathToFileURL(output).href);
} finally {
  rmSync(output, { force: true });
}
