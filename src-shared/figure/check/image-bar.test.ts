// A colour bar that is a picture is judged by its pixels as one of rectangles is; a matrix's row is none, whatever its shape.
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { figureAsset } from '../../../electron/app/figure/font-files';
import { colourAt } from '../../colour/table';
import { randomFrom, seed } from '../../tensor/random';
import { encodeFigure } from '../encode/encode';
import { filled, type DisplayList } from '../page/display-list';
import { barColours, isSmooth, type Pixels } from './image-bar';
import { inspectFigure } from './inspect';

type Rgb = readonly number[];
const viridis = (t: number): Rgb => colourAt('viridis', t);
const random = randomFrom(seed(1));
const noise = (): Rgb => viridis(random.uniform());

function picture(colour: (t: number) => Rgb, upright = false): Pixels {
  const [width, height] = upright ? [12, 300] : [300, 12];
  const along = Array.from({ length: 300 }, (_, i) => colour(i / 299));
  const data = new Uint8Array(4 * width * height);
  for (let i = 0; i < width * height; i++) data.set([...along[upright ? Math.floor(i / width) : i % width].map(Math.round), 255], 4 * i);
  return { width, height, channels: 4, data };
}

const lying = { x: 0, y: 0, width: 200, height: 8 };

describe('a picture', () => {
  it('whose colour goes smoothly along it is a bar, lying or upright', () => {
    expect(barColours(picture(viridis), lying)?.length).toBeGreaterThan(16);
    expect(barColours(picture(viridis, true), { x: 0, y: 0, width: 8, height: 200 })?.length).toBeGreaterThan(16);
  });

  it('of values that jump is none, nor one that changes across, nor a short one, nor one of few colours', () => {
    expect(barColours(picture(noise), lying)).toBeNull();
    const across = picture(viridis);
    const data = Uint8Array.from({ length: across.data.length }, (_, i) =>
      i < across.data.length / 2 ? across.data[i] : 255 - across.data[i],
    );
    expect(barColours({ ...across, data }, lying)).toBeNull();
    expect(barColours(picture(viridis), { ...lying, height: 100 })).toBeNull();
    expect(
      barColours(
        picture((t) => (t < 0.5 ? [0, 0, 0] : [255, 0, 0])),
        lying,
      ),
    ).toBeNull();
  });
});

it('colours that step as a rainbow does are smooth, those of noise are not', () => {
  const hex = (rgb: Rgb): string => `#${rgb.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`;
  expect(isSmooth(Array.from({ length: 17 }, (_, i) => hex(viridis(i / 16))))).toBe(true);
  expect(isSmooth(Array.from({ length: 64 }, () => hex(noise())))).toBe(false);
});

describe.each(['svg', 'pdf'] as const)('the inspection of %s', (format) => {
  const inspected = async (pixels: Pixels) => {
    const { width: columns, height: rows } = pixels;
    const sheet: DisplayList = {
      ...{ width: 250, height: 60, title: 't', description: 'a bar', caption: '', font: 'sans', outlines: false, tables: [] },
      marks: [
        filled(0, 0, 250, 60, '#ffffff'),
        { kind: 'image', x: 20, y: 20, width: 60, height: 2, columns, rows, rgba: Uint8Array.from(pixels.data) },
      ],
    };
    const { findings } = await inspectFigure(await encodeFigure(sheet, null, format, figureAsset), `a.${format}`, null);
    return findings.filter(({ rule }) => rule.startsWith('scale steps'));
  };

  it('judges the steps of a bar that is a picture', async () => {
    const good = await inspected(picture(viridis));
    expect(good.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'pass', 'pass', 'pass']);
    // Slow changes of lightness, in sixteen shades and more.
    const dull = await inspected(picture((t) => [120 + 20 * t, 60 + 20 * t, 60 + 20 * t]));
    expect(dull.filter(({ verdict }) => verdict === 'fail').length).toBeGreaterThan(0);
  });

  it('takes a row of values for none', async () => {
    expect((await inspected(picture(noise))).map(({ says }) => says)).toEqual(['there is no colour scale']);
  });
});

it('a PNG that breaks off is a picture of its size, and no bar', async () => {
  const png = encode({ width: 300, height: 12, data: Uint8Array.from(picture(viridis).data), channels: 4 }).subarray(0, 60);
  const url = `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="90mm" height="60mm" viewBox="0 0 90 60" role="img"><title>t</title><desc>d</desc><image x="5" y="5" width="20" height="0.8" href="${url}"/></svg>`;
  const { findings } = await inspectFigure(new TextEncoder().encode(svg), 'b.svg', null);
  expect(findings.find(({ rule }) => rule === 'scale steps')?.says).toBe('there is no colour scale');
  expect(findings.find(({ rule }) => rule === 'raster resolution')?.says).toMatch(/1 raster/);
});
