// Writes the table of character widths that figures are laid out by, from the fonts that figures are set in. Run by
// `npm run font-widths` after another version of the fonts; a test compares the table with the fonts.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fontkit from '@pdf-lib/fontkit';

const out = new URL('../../src-shared/figure/page/dejavu-widths.ts', import.meta.url);
const faces = {
  regular: 'dejavu-fonts-ttf/ttf/DejaVuSans.ttf',
  bold: 'dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf',
  serif: 'dejavu-fonts-ttf/ttf/DejaVuSerif.ttf',
  serif_bold: 'dejavu-fonts-ttf/ttf/DejaVuSerif-Bold.ttf',
};

/** Widths of all characters as `first,count,width` of runs of neighbours of one width, in base 36, `first` from the end of the run before. @param {string} file @returns {string} */
function widthsOf(file) {
  const font = fontkit.create(readFileSync(createRequire(import.meta.url).resolve(file)));
  /** @type {number[][]} */
  const runs = [];
  for (const code of [...font.characterSet].sort((a, b) => a - b)) {
    const width = font.glyphForCodePoint(code).advanceWidth;
    const last = runs.at(-1);
    if (last && last[0] + last[1] === code && last[2] === width) last[1]++;
    else runs.push([code, 1, width]);
  }
  let end = 0;
  return runs
    .map(([first, count, width]) => {
      const gap = first - end;
      end = first + count;
      return [gap, count, width].map((n) => n.toString(36)).join(',');
    })
    .join(' ');
}

const tables = Object.entries(faces).map(([name, file]) => `export const ${name.toUpperCase()}_WIDTHS =\n  '${widthsOf(file)}';\n`);
writeFileSync(
  out,
  [
    '// Advance widths of DejaVu Sans and DejaVu Serif, regular and bold, of every character they have, in 1/2048 of the type size.',
    '// Written by `npm run font-widths`: runs of neighbouring characters of one width, each as gap since the run before, count',
    '// and width in base 36.',
    '',
    ...tables,
  ].join('\n'),
);
