// The inspection finds what is planted in files of other programs, by name and number, and passes what is right.
import { degrees, PDFDocument, rgb, StandardFonts } from 'pdf-lib';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../base/user-error';
import { inspectFigure } from './inspect';
import type { Finding } from './finding';
import type { VenueName } from '../venues';

const svg = (body: string, head = 'width="89mm" height="60mm" viewBox="0 0 89 60"'): Uint8Array =>
  new TextEncoder().encode(
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${head} role="img"><title>T</title><desc>What it shows</desc>${body}</svg>`,
  );

async function failing(bytes: Uint8Array, venue: VenueName | null = null): Promise<Map<string, Finding>> {
  const { findings, pass } = await inspectFigure(bytes, 'a file', venue);
  const failed = findings.filter(({ verdict }) => verdict === 'fail');
  expect(pass).toBe(failed.length === 0);
  for (const { fix } of failed) expect(fix).toMatch(/\w{3}/);
  return new Map(failed.map((one) => [one.rule, one]));
}

const names = async (bytes: Uint8Array, venue?: VenueName): Promise<string[]> => [...(await failing(bytes, venue)).keys()];

describe('an SVG', () => {
  it('with nothing wrong passes', async () => {
    expect(await names(svg('<line x1="5" y1="5" x2="50" y2="5" stroke="black" stroke-width="0.2"/>'), 'nature')).toEqual([]);
  });

  it('is measured at its final size: millimetres to a tenth', async () => {
    expect(await names(svg('', 'width="89.09mm" height="60mm" viewBox="0 0 89 60"'), 'nature')).toEqual([]);
    expect((await failing(svg('', 'width="89.2mm" height="60mm" viewBox="0 0 89 60"'), 'nature')).get('width')?.says).toMatch(
      /89\.2 mm wide; Nature takes 89\.0 mm or 183\.0 mm/,
    );
    expect(await names(svg('', 'width="89mm" height="171mm" viewBox="0 0 89 171"'), 'nature')).toEqual(['height']);
  });

  it('has type measured through transforms, styles and style sheets', async () => {
    const text = (inner: string): Uint8Array =>
      svg(`<style>@font-face{font-family:F;src:url(data:font/ttf;base64,AA)} .s{font-size:1.5px;font-family:F}</style>${inner}`);
    // One user unit is a millimetre: 2.8346 points.
    const small = await failing(text('<text class="s" x="10" y="10">tiny</text>'));
    expect(small.get('type size')?.says).toMatch(/^4\.25 pt \("tiny"\)/);
    expect(await names(text('<g transform="scale(2)"><text class="s" x="10" y="10">twice</text></g>'))).toEqual([]);
    expect(
      await names(text('<text style="font-size:3px;font-family:F" x="10" y="10">big<tspan font-size="50%">half</tspan></text>')),
    ).toEqual(['type size']);
  });

  it('has fonts that it does not bring', async () => {
    expect(
      (await failing(svg('<text x="9" y="9" font-size="3" font-family="Helvetica, sans-serif">a</text>'))).get('embedded fonts')?.says,
    ).toMatch(/not embedded: Helvetica/);
  });

  it('has lines thinner than print holds, and ones of no width', async () => {
    const thin = await failing(svg('<path d="M5 5h20" stroke="#000" fill="none" stroke-width="0.05"/>'));
    expect(thin.get('line width')?.says).toMatch(/0\.14 pt/);
    expect(await names(svg('<path d="M5 5h20" stroke="#000" fill="none" stroke-width="0"/>'))).toEqual(['line width']);
  });

  it('has parts beyond its edge, but not those it only defines', async () => {
    const beyond = await failing(svg('<defs><rect id="r" x="100" width="9" height="9"/></defs><circle cx="88" cy="30" r="3"/>'));
    expect([...beyond.keys()]).toEqual(["the page's edge"]);
    expect(await names(svg('<defs><rect id="r" width="9" height="9"/></defs><use xlink:href="#r" x="85" y="5"/>'))).toEqual([
      "the page's edge",
    ]);
  });

  it('has pictures of too few pixels', async () => {
    // A PNG's head of 100 x 100 pixels on 20 mm: 127 per inch.
    const head = [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 100, 0, 0, 0, 100, 8, 2, 0, 0, 0];
    const url = `data:image/png;base64,${Buffer.from(head).toString('base64')}`;
    const coarse = await failing(svg(`<image x="5" y="5" width="20" height="20" href="${url}"/>`));
    expect(coarse.get('raster resolution')?.says).toMatch(/the coarsest 127 pixels per inch/);
  });

  it('has colours that a deficient eye takes for one another', async () => {
    const pair = (one: string, other: string): Uint8Array =>
      svg(`<rect x="1" y="1" width="9" height="5" fill="${one}"/><rect x="1" y="20" width="9" height="5" fill="${other}"/>`);
    const confused = await names(pair('#b3591f', '#7a7a1f'));
    expect(confused).toContain('colours, protanopia');
    expect(confused).not.toContain('colours, normal');
    expect(await names(pair('orange', 'navy'))).toEqual([]);
    expect(await names(pair('#ff0000', '#f80808'))).toContain('colours, normal');
  });

  it('has a scale whose steps are not told apart', async () => {
    const bar = (colour: (t: number) => string): Uint8Array =>
      svg(Array.from({ length: 32 }, (_, i) => `<rect x="${5 + 2 * i}" y="5" width="2" height="3" fill="${colour(i / 31)}"/>`).join(''));
    const grey = (t: number): string => `hsl(220, 80%, ${Math.round(20 + 60 * t)}%)`;
    expect(await names(bar(grey))).toEqual([]);
    const flat = await names(bar((t) => `hsl(220, 80%, ${(50 + 3 * t).toFixed(3)}%)`));
    expect(flat).toContain('scale steps, normal');
  });

  it('says nothing to who cannot see it', async () => {
    const bare = new TextEncoder().encode(
      '<svg xmlns="http://www.w3.org/2000/svg" width="10mm" height="10mm"><rect width="5" height="5"/></svg>',
    );
    expect(await names(bare)).toEqual(['alternative text', 'tags']);
  });

  it('has pictures within pictures and symbols measured where they come to stand', async () => {
    const font = '<style>@font-face{font-family:F;src:url(data:font/ttf;base64,AA)}</style>';
    const text = '<text x="10" y="10" font-size="4" font-family="F">words</text>';
    // Half as large in the inner picture: 2 user units, which are millimetres.
    const nested = await failing(svg(`${font}<svg x="5" y="5" width="20" height="10" viewBox="0 0 40 20">${text}</svg>`), 'ieee');
    expect(nested.get('type size')?.says).toMatch(/^5\.67 pt/);
    const symbol = `<symbol id="s" viewBox="0 0 40 20">${text}</symbol><use href="#s" width="20" height="10"/>`;
    expect((await failing(svg(font + symbol), 'ieee')).get('type size')?.says).toMatch(/^5\.67 pt/);
    expect(await names(svg('<svg x="80" y="5" width="20" height="20" viewBox="0 0 10 10"><rect width="10" height="10"/></svg>'))).toContain(
      "the page's edge",
    );
  });

  it('has styles read that stand on a class within a group', async () => {
    const font = '@font-face{font-family:F;src:url(data:font/ttf;base64,AA)}';
    const body = '<g class="axis"><text class="tick" x="9" y="9">small</text></g><text class="tick" x="30" y="9">large</text>';
    const failed = await failing(svg(`<style>${font} text{font-family:F;font-size:4px} .axis > .tick{font-size:1px}</style>${body}`));
    expect(failed.get('type size')?.says).toMatch(/^2\.83 pt \("small"\) to 11\.34 pt/);
  });

  it('has text along a path measured, and pictures that lie beside the file found', async () => {
    const style = '<style>@font-face{font-family:F;src:url(data:font/ttf;base64,AA)}</style>';
    expect(
      await names(svg(`${style}<text x="9" y="9" font-family="F"><textPath href="#p" font-size="1px">along</textPath></text>`)),
    ).toContain('type size');
    const beside = await failing(svg('<image x="5" y="5" width="20" height="20" href="photo.jpg"/>'));
    expect(beside.get('raster resolution')?.says).toMatch(/the pixels of 1 of 1 picture are not in the file/);
  });

  it.each([
    ['text of a web page', '<foreignObject width="9" height="9"><p>words</p></foreignObject>', /foreignObject.*plain SVG text/],
    ['drawings of another file', '<use href="other.svg#a"/>', /"other\.svg#a", which lies outside the file/],
    ['type of a size in words', '<text x="9" y="9" font-size="calc(1px + 1vw)">a</text>', /font-size "calc\(1px \+ 1vw\)" is no length/],
    ['a selector that is not read', '<style>text[role=x]{font-size:1px}</style>', /selector "text\[role=x\]" is not read here/],
  ])('with %s is refused in a sentence rather than passed', async (_, body, says) => {
    await expect(inspectFigure(svg(body), 'b.svg', null)).rejects.toThrow(UserError);
    await expect(inspectFigure(svg(body), 'b.svg', null)).rejects.toThrow(says);
  });

  it.each([
    ['that breaks off', '<svg xmlns="http://www.w3.org/2000/svg"><g>'],
    ['of no size', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['that is HTML with one inside', '<html><svg/></html>'],
  ])('%s is refused', async (_, text) => {
    await expect(inspectFigure(new TextEncoder().encode(text), 'b.svg', null)).rejects.toThrow(UserError);
  });
});

describe('a PDF', () => {
  async function pdfOf(
    draw: (page: ReturnType<PDFDocument['addPage']>, document: PDFDocument) => Promise<void> | void,
    size: [number, number] = [252.28, 170],
  ): Promise<Uint8Array> {
    const document = await PDFDocument.create();
    await draw(document.addPage(size), document);
    return document.save();
  }

  it('of another program has its faults named: a font not embedded, small type, hairlines, no tags', async () => {
    const bytes = await pdfOf(async (page, document) => {
      const font = await document.embedFont(StandardFonts.Helvetica);
      page.drawText('tiny words', { x: 20, y: 100, size: 4, font });
      page.drawLine({ start: { x: 10, y: 10 }, end: { x: 90, y: 10 }, thickness: 0.1 });
      page.drawRectangle({ x: 240, y: 20, width: 30, height: 10, color: rgb(0.1, 0.1, 0.1) });
    });
    const failed = await failing(bytes, 'nature');
    expect([...failed.keys()]).toEqual(['embedded fonts', 'type size', 'line width', "the page's edge", 'alternative text', 'tags']);
    expect(failed.get('embedded fonts')?.says).toMatch(/Helvetica/);
    expect(failed.get('type size')?.says).toMatch(/^4 pt \("tiny words"\)/);
    expect(failed.get('line width')?.says).toMatch(/0\.1 pt/);
  });

  it('of two pages is no figure, and one of another width none of the venue', async () => {
    const bytes = await pdfOf((_, document) => void document.addPage([100, 100]), [300, 100]);
    expect(await names(bytes, 'cvpr')).toEqual(expect.arrayContaining(['pages', 'width']));
  });

  it('that is turned is as wide as it is shown', async () => {
    const turned = await pdfOf((page) => page.setRotation(degrees(90)), [170, 252.28]);
    expect(await names(turned, 'nature')).not.toContain('width');
    expect(await names(await pdfOf(() => undefined, [170, 252.28]), 'nature')).toContain('width');
  });

  it('with its glyphs as drawings, as matplotlib writes them, and a stencil of few pixels is told so', async () => {
    // A page written by hand: a font of type 3 whose one glyph is a square, and a mask of 8 x 8 pixels on an inch.
    const content = 'BT /F 10 Tf 20 20 Td (a) Tj ET q 72 0 0 72 60 20 cm BI /W 8 /H 8 /IM true /BPC 1 ID \xaaUUUUUUU EI Q';
    const glyph = '600 0 0 0 500 500 d1 0 0 500 500 re f';
    const objects = [
      '<</Type/Catalog/Pages 2 0 R>>',
      '<</Type/Pages/Kids[3 0 R]/Count 1>>',
      '<</Type/Page/Parent 2 0 R/MediaBox[0 0 252.28 170]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>',
      `<</Length ${content.length}>>stream\n${content}\nendstream`,
      '<</Type/Font/Subtype/Type3/FontBBox[0 0 500 500]/FontMatrix[.001 0 0 .001 0 0]/FirstChar 97/LastChar 97/Widths[600]/Encoding<</Type/Encoding/Differences[97/a]>>/CharProcs<</a 6 0 R>>>>',
      `<</Length ${glyph.length}>>stream\n${glyph}\nendstream`,
    ];
    const body = objects.map((object, i) => `${i + 1} 0 obj\n${object}\nendobj\n`).join('');
    const failed = await failing(Buffer.from(`%PDF-1.4\n${body}trailer<</Root 1 0 R/Size 7>>\n%%EOF`, 'latin1'), 'nature');
    expect([...failed.keys()]).toEqual(expect.arrayContaining(['Type 3 fonts', 'raster resolution']));
    expect(failed.get('raster resolution')?.says).toMatch(/the coarsest 8 pixels per inch/);
  });

  it('that is damaged is refused by name', async () => {
    await expect(inspectFigure(new TextEncoder().encode('%PDF-1.7\nnothing'), 'c.pdf', null)).rejects.toThrow(
      /c\.pdf cannot be read as a PDF/,
    );
  });

  it('and a PNG is refused: it says neither fonts nor lines', async () => {
    await expect(inspectFigure(Uint8Array.of(0x89, 0x50, 0x4e, 0x47), 'd.png', null)).rejects.toThrow(/d\.png is neither a PDF nor an SVG/);
  });
});
