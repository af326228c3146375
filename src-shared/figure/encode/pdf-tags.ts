// Tags and metadata that make a figure's PDF one of PDF/UA-1 (ISO 14289-1): a structure tree of one Figure with its alternative
// text, written from the data, its caption below it; the language; the title shown by the viewer; XMP that says so.
import { type PDFDict, PDFHexString, PDFName, PDFOperator, PDFString, type PDFDocument, type PDFPage, type PDFRef } from 'pdf-lib';
import type { DisplayList } from '../page/display-list';
import { escapeXml } from './svg';

/** Number of a part's content on the page. */
const CONTENT = { Figure: 0, Caption: 1 } as const;
const CREATOR = 'RepMLP Studio';

// pdf-lib has operators for its own drawing alone; these two are written by their names in the standard.
const operator = PDFOperator.of as (name: string, args?: unknown[]) => PDFOperator;

export function beginPart(page: PDFPage, part: keyof typeof CONTENT): void {
  page.pushOperators(operator('BDC', [PDFName.of(part), page.doc.context.obj({ MCID: CONTENT[part] })]));
}

export function endPart(page: PDFPage): void {
  page.pushOperators(operator('EMC'));
}

/** Title, language and metadata of the document; dates are fixed. */
export function describePdf(document: PDFDocument, { title, description, caption }: DisplayList): void {
  document.setTitle(title, { showInWindowTitleBar: true });
  document.setLanguage('en');
  document.setSubject(caption === '' ? description : caption);
  document.setCreator(CREATOR);
  document.setProducer(`${CREATOR} (pdf-lib)`);
  document.setCreationDate(new Date(0));
  document.setModificationDate(new Date(0));
  const xmp = document.context.stream(new TextEncoder().encode(xmpOf(title, description)), { Type: 'Metadata', Subtype: 'XML' });
  document.catalog.set(PDFName.of('Metadata'), document.context.register(xmp));
}

/** A page with a figure, and what its tags say. */
export interface TaggedPage {
  readonly page: PDFPage;
  readonly width: number;
  readonly height: number;
  readonly description: string;
  readonly hasCaption: boolean;
}

/** Puts the pages' content into the structure tree, a figure a page. */
export function tagPages(document: PDFDocument, pages: readonly TaggedPage[]): void {
  const { context } = document;
  const [root, whole] = [context.nextRef(), context.nextRef()];
  const tagged = pages.map((one, at) => tagPage(document, one, at, whole));
  context.assign(whole, context.obj({ Type: 'StructElem', S: 'Document', P: root, K: tagged.map(({ figure }) => figure) }));
  const parents = { Nums: tagged.flatMap(({ content }, at) => [at, content]) };
  context.assign(root, context.obj({ Type: 'StructTreeRoot', K: [whole], ParentTree: parents, ParentTreeNextKey: pages.length }));
  document.catalog.set(PDFName.of('StructTreeRoot'), root);
  document.catalog.set(PDFName.of('MarkInfo'), context.obj({ Marked: true }));
}

/** The figure of a page under its document, and the elements that the page's content belongs to, by number. */
function tagPage({ context }: PDFDocument, { page, width, height, description, hasCaption }: TaggedPage, at: number, whole: PDFRef) {
  const [figure, caption] = [context.nextRef(), context.nextRef()];
  const element = (
    type: string,
    parent: PDFRef,
    kids: (PDFRef | number)[],
    more: Record<string, PDFHexString | PDFString | PDFDict> = {},
  ): PDFDict => {
    const dictionary = context.obj({ Type: 'StructElem', S: type, P: parent, K: kids, Pg: page.ref });
    for (const [key, value] of Object.entries(more)) dictionary.set(PDFName.of(key), value);
    return dictionary;
  };
  const layout = context.obj({ O: 'Layout', BBox: [0, 0, width, height], Placement: 'Block' });
  const kids = hasCaption ? [CONTENT.Figure, caption] : [CONTENT.Figure];
  // Form fields there are none; a reader asks for the document's language on the element, too.
  const about = { Alt: PDFHexString.fromText(description), A: layout, Lang: PDFString.of('en') };
  context.assign(figure, element('Figure', whole, kids, about));
  if (hasCaption) context.assign(caption, element('Caption', figure, [CONTENT.Caption]));
  page.node.set(PDFName.of('StructParents'), context.obj(at));
  page.node.set(PDFName.of('Tabs'), PDFName.of('S'));
  return { figure, content: hasCaption ? [figure, caption] : [figure] };
}

function xmpOf(title: string, description: string): string {
  const alternatives = (text: string): string => `<rdf:Alt><rdf:li xml:lang="x-default">${escapeXml(text)}</rdf:li></rdf:Alt>`;
  return [
    '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>',
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">',
    `<dc:title>${alternatives(title)}</dc:title>`,
    `<dc:description>${alternatives(description)}</dc:description>`,
    `<xmp:CreatorTool>${CREATOR}</xmp:CreatorTool>`,
    '<pdfuaid:part>1</pdfuaid:part>',
    '</rdf:Description></rdf:RDF></x:xmpmeta>',
    '<?xpacket end="w"?>',
  ].join('\n');
}
