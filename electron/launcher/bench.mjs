#!/usr/bin/env node
// `npm run bench -- <name> [arguments]`: bundles bench/<name>.ts and runs the `run(args)` it exports.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { buildNode, dist, moduleOptions, root } from './build.mjs';

const [name, ...args] = process.argv.slice(2);
const source = `bench/${name}.ts`;
if (name === undefined || !existsSync(join(root, source))) {
  const names = readdirSync(join(root, 'bench')).flatMap((file) => (/^(.+)\.ts$/.exec(file) ?? []).slice(1));
  console.error(`expected the name of a benchmark (${names.join(', ')}), got ${name ?? 'none'}`);
  process.exit(2);
}
await buildNode();
// Two folders deep, as the sources are: what finds the repository from its own place finds it from here too.
const output = join(dist, 'bench', `${name}-${process.pid}.mjs`);
try {
  const external = ['electron', 'playwright-core', 'esbuild', 'vite'];
  await build({ ...moduleOptions(), external, sourcemap: 'inline', entryPoints: [source], outfile: output, outExtension: {} });
  const benchmark = await import(pathToFileURL(output).href);
  await benchmark.run(args);
} catch (error) {
  if (!isUserMistake(error)) throw error;
  console.error(error.message);
  process.exitCode = 2;
} finally {
  rmSync(output, { force: true });
}

/** An error of the arguments: told in its own words, without a stack. @param {unknown} error @returns {error is Error} */
function isUserMistake(error) {
  return error instanceof Error && (error.name === 'UserError' || ('code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')));
}
