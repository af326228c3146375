// The licences of everything that is shipped, as the packages themselves tell them: all that package-lock.json says is not for development
// alone, and what the build copies out of a package besides. Never a list by hand: what is installed is what is told.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ name: string, version: string, licence: string, text: string }} ShippedPackage */

/**
 * @param {string} root of the repository
 * @param {readonly string[]} besides names of packages for development that are shipped all the same
 * @returns {ShippedPackage[]} by name
 */
export function shippedPackages(root, besides) {
  /** @type {{ packages: Record<string, { dev?: boolean, optional?: boolean, devOptional?: boolean }> }} */
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const shipped = Object.entries(packages).filter(
    ([path, { dev, devOptional }]) => path !== '' && ((!dev && !devOptional) || besides.some((name) => path === `node_modules/${name}`)),
  );
  const found = shipped.flatMap(([path]) => (existsSync(join(root, path, 'package.json')) ? [packageIn(join(root, path))] : []));
  return found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1));
}

/** @param {string} folder of a package @returns {ShippedPackage} */
function packageIn(folder) {
  const { name, version, license, licenses } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return { name, version, licence: licenceName(license ?? licenses), text: licenceText(folder) };
}

/** @param {unknown} field a text, or what old packages have: an object, or a list of them @returns {string} */
function licenceName(field) {
  if (typeof field === 'string') return field;
  if (Array.isArray(field)) return field.map(licenceName).join(' or ');
  const { type } = Object(field);
  return typeof type === 'string' ? type : 'not named';
}

/** @param {string} folder of a package @returns {string} all its files that are licences or notices, one after the other */
function licenceText(folder) {
  const files = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => entry.isFile() && /^(licen[cs]e|copying|notice)/i.test(entry.name),
  );
  return files.map(({ name }) => readFileSync(join(folder, name), 'utf8').trim()).join('\n\n');
}
