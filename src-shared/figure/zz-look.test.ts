import { it } from 'vitest';
import { writeFileSync } from 'node:fs';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { FIGURES } from '../../testing/figure/all-figures';
import { figureAsset } from '../../electron/app/figure/font-files';
import { readFaces } from './encode/faces';
import { toSvg } from './encode/svg';
import { millimetres } from './page/display-list';
it('looks', async () => {
  await initWasm(await figureAsset('resvg'));
  const faces = await readFaces({ font: 'sans' }, figureAsset);
  for (const [mm, cols, scale] of [
    [84, 4, 4],
    [170, 3, 3],
  ] as const) {
    for (const [name, pick] of [
      ['a', [0, 2, 3, 5, 6, 8, 9, 26]],
      ['b', [11, 12, 14, 15, 17, 20, 23, 24]],
      ['c', [10, 16, 19, 13]],
    ] as const) {
      let [x, y, low, out, col] = [0, 0, 0, '', 0];
      const H: number[] = Array(cols).fill(0);
      for (const i of pick) {
        const fig = FIGURES[i].draw({ widthMm: mm, fontPt: 8, title: 'What the merge adds', letters: '(a)' });
        const svg = toSvg(fig, faces, { carried: null, withFont: false });
        const c = H.indexOf(Math.min(...H));
        const h = millimetres(fig.height);
        out += svg
          .replace('<svg ', `<svg x="${c * (mm + 6)}" y="${H[c]}" `)
          .replace(/width="[\d.]+mm" height="[\d.]+mm"/, `width="${mm}" height="${h}"`);
        H[c] += h + 6;
      }
      const W = cols * (mm + 6),
        T = Math.max(...H);
      const all = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${W} ${T}" width="${W}" height="${T}"><rect width="${W}" height="${T}" fill="#888"/>${out}</svg>`;
      const r = new Resvg(all, {
        font: { fontBuffers: [faces.regular.bytes, faces.bold.bytes], defaultFontFamily: 'DejaVu Sans', loadSystemFonts: false },
        fitTo: { mode: 'width', value: Math.round(W * scale * (mm === 84 ? 1.15 : 1.0)) },
      });
      writeFileSync(`/tmp/h17/look-${mm}-${name}.png`, r.render().asPng());
    }
  }
}, 120000);
