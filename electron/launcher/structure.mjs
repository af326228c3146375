#!/usr/bin/env node
// `npm run structure`: holds the order of the rooms (.dependency-cruiser.mjs). Breaches named in structure-allowed.txt
// are let pass until they are mended; a line there that is no breach any more fails too, so that the list only shrinks.
// `--write` writes the list anew.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise } from 'dependency-cruiser';
import configuration from '../../.dependency-cruiser.mjs';

const root = join(import.meta.dirname, '..', '..');
const listFile = join(root, 'structure-allowed.txt');
const parts = ['src-shared', 'electron', 'renderer', 'testing'];

/** Every import of the product, and what breaks the order. @returns {Promise<import('dependency-cruiser').ICruiseResult>} */
export async function imports() {
  process.chdir(root);
  const { forbidden, options = {} } = configuration;
  const resolution = { alias: { '@shared': join(root, 'src-shared') } };
  const { output } = await cruise(
    parts.filter((part) => existsSync(join(root, part))),
    { ...options, ruleSet: { forbidden }, validate: true },
    resolution,
  );
  if (typeof output === 'string') throw new Error('expected the imports as data, got text');
  return output;
}

/** One line a breach: `from -> to`, or the files of a circle, beginning with the first by name. @returns {Promise<string[]>} */
async function breaches() {
  const { summary } = await imports();
  const lines = summary.violations.map(({ rule, from, to, cycle }) =>
    rule.name === 'circle'
      ? circleLine(cycle?.map((step) => (typeof step === 'string' ? step : step.name)) ?? [from, to])
      : `${from} -> ${to}`,
  );
  return [...new Set(lines)].sort();
}

/** @param {string[]} files of a circle, in order @returns {string} */
function circleLine(files) {
  const first = files.indexOf([...files].sort()[0]);
  return `circle: ${[...files.slice(first), ...files.slice(0, first)].join(' -> ')}`;
}

async function check() {
  const found = await breaches();
  if (process.argv.includes('--write')) {
    const head = '# Imports against the order of the rooms that are still allowed (npm run structure). The list only shrinks.\n';
    writeFileSync(listFile, head + found.map((line) => `${line}\n`).join(''));
    console.log(`${found.length} breaches written to structure-allowed.txt`);
    return;
  }
  const text = existsSync(listFile) ? readFileSync(listFile, 'utf8') : '';
  const allowed = new Set(text.split('\n').filter((line) => line !== '' && !line.startsWith('#')));
  const fresh = found.filter((line) => !allowed.has(line));
  const mended = [...allowed].filter((line) => !found.includes(line));
  for (const line of fresh) console.error(`against the order of the rooms (.dependency-cruiser.mjs): ${line}`);
  for (const line of mended) console.error(`no breach any more, strike it from structure-allowed.txt: ${line}`);
  if (fresh.length + mended.length > 0) process.exitCode = 1;
  else console.log(`structure: every import points the right way${allowed.size > 0 ? `, ${allowed.size} old breaches aside` : ''}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await check();
