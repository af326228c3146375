// Our PDFs hold what ISO 14289-1 asks as far as a program can check it; each rule is broken once, and the breach is found by its
// clause. A PDF that does not say that it is one of PDF/UA is not held to it.
import { type PDFArray, PDFBool, PDFDict, PDFDocument, PDFName, type PDFRawStream, PDFString, StandardFonts } from 'pdf-lib';
import { describe, expect, it } from 'vitest';
import { figureAsset } from '../../../electron/app/figure/font-files';
import { encodeFigure } from '../encode/encode';
import { filled, textAt, type DisplayList } from '../page/display-list';
import { inspectFigure } from './inspect';

const sheet: DisplayList = {
  ...{
    width: 200,
    height: 100,
    title: 'A sheet',
    description: 'a test sheet of one word',
    caption: 'Caption.',
    font: 'sans',
    outlines: false,
    tables: [],
  },
  marks: [filled(0, 0, 200, 100, '#ffffff'), textAt(20, 40, 'word', 10), textAt(20, 80, 'Caption.', 8, { caption: true })],
};
const OURS = await encodeFigure(sheet, '{"kind":"x"}', 'pdf', figureAsset);

const found = async (bytes: Uint8Array) => (await inspectFigure(bytes, 'a.pdf', null)).findings.filter(({ rule }) => rule === 'PDF/UA')[0];

async function changed(change: (document: PDFDocument) => void | Promise<void>): Promise<Uint8Array> {
  const document = await PDFDocument.load(OURS, { updateMetadata: false });
  await change(document);
  return document.save({ useObjectStreams: false });
}

const elements = (document: PDFDocument, type: string): PDFDict[] =>
  document.context
    .enumerateIndirectObjects()
    .flatMap(([, object]) => (object instanceof PDFDict && object.get(PDFName.of('S')) === PDFName.of(type) ? [object] : []));
const fonts = (document: PDFDocument, subtype: string): PDFDict[] =>
  document.context
    .enumerateIndirectObjects()
    .flatMap(([, object]) => (object instanceof PDFDict && object.get(PDFName.of('Subtype')) === PDFName.of(subtype) ? [object] : []));

describe('a PDF of ours', () => {
  it('holds', async () => {
    expect(await found(OURS)).toMatchObject({ verdict: 'pass', says: expect.stringContaining('ISO 14289-1') });
    expect(await found(await changed(() => undefined))).toMatchObject({ verdict: 'pass' });
  });

  it.each<[string, (document: PDFDocument) => void | Promise<void>, RegExp]>([
    ['is not marked', ({ catalog }) => void catalog.delete(PDFName.of('MarkInfo')), /7\.1: it is not marked as tagged/],
    [
      'has suspect tags',
      ({ catalog }) => catalog.lookup(PDFName.of('MarkInfo'), PDFDict).set(PDFName.of('Suspects'), PDFBool.True),
      /7\.1: .*suspect/,
    ],
    ['has no language', ({ catalog }) => void catalog.delete(PDFName.of('Lang')), /7\.2: its language/],
    ['has a language that is none', ({ catalog }) => catalog.set(PDFName.of('Lang'), PDFString.of('?')), /7\.2: .*got "\?"/],
    ['shows its file name', ({ catalog }) => void catalog.delete(PDFName.of('ViewerPreferences')), /7\.1: .*DisplayDocTitle/],
    ['has no structure', ({ catalog }) => void catalog.delete(PDFName.of('StructTreeRoot')), /7\.1: it has no structure tree/],
    [
      'has a type of its own',
      (document) => elements(document, 'Caption')[0].set(PDFName.of('S'), PDFName.of('Legend')),
      /7\.1: the structure type "Legend"/,
    ],
    [
      'has no alternative text',
      (document) => void elements(document, 'Figure')[0].delete(PDFName.of('Alt')),
      /7\.3: a Figure has no alternative text/,
    ],
    ['has blank alternative text', (document) => elements(document, 'Figure')[0].set(PDFName.of('Alt'), PDFString.of('  ')), /7\.3/],
    [
      'has a page without tags',
      (document) => void document.getPage(0).node.delete(PDFName.of('StructParents')),
      /7\.1: page 1 .*StructParents/,
    ],
    [
      'has characters nobody knows',
      (document) => void fonts(document, 'Type0')[0].delete(PDFName.of('ToUnicode')),
      /7\.21\.7: .*ToUnicode/,
    ],
    ['has no map of glyphs', (document) => void fonts(document, 'CIDFontType2')[0].delete(PDFName.of('CIDToGIDMap')), /7\.21\.3\.2/],
    [
      'has a font that is not embedded',
      async (document) => void document.getPage(0).node.newFontDictionary('Other', (await document.embedFont(StandardFonts.Helvetica)).ref),
      /7\.21\.4\.1: the font Helvetica/,
    ],
    [
      'draws outside its tags',
      (document) => document.getPage(0).drawRectangle({ x: 1, y: 1, width: 9, height: 9 }),
      /7\.1: 1 thing is drawn outside all tags/,
    ],
    [
      'has annotations in no order',
      (document) => {
        const { node } = document.getPage(0);
        node.delete(PDFName.of('Tabs'));
        node.set(PDFName.of('Annots'), document.context.obj([{ Type: 'Annot', Subtype: 'Text', Rect: [0, 0, 5, 5] }]) as PDFArray);
      },
      /7\.18\.3/,
    ],
    [
      'has no title in its metadata',
      ({ catalog, context }) => {
        const metadata = catalog.lookup(PDFName.of('Metadata')) as PDFRawStream;
        const text = new TextDecoder()
          .decode(metadata.contents)
          .replace(/<dc:title>.*<\/dc:title>/, '<dc:title><rdf:Alt></rdf:Alt></dc:title>');
        catalog.set(PDFName.of('Metadata'), context.register(context.stream(new TextEncoder().encode(text), { Type: 'Metadata' })));
      },
      /7\.1: its metadata has no title/,
    ],
  ])('that %s is found out', async (_, change, clause) => {
    const { verdict, says, fix } = await found(await changed(change));
    expect(says).toMatch(clause);
    expect([verdict, says.split('; ').length]).toEqual(['fail', 1]);
    expect(fix).toMatch(/ISO 14289-1/);
  });
});

it('a PDF that says nothing of PDF/UA is not judged by it', async () => {
  const bare = await PDFDocument.create();
  bare.addPage([100, 100]);
  expect(await found(await bare.save())).toMatchObject({ verdict: 'not judged' });
});
