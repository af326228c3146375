// PDF/UA-1 (ISO 14289-1) as far as a program can check it, for a PDF that says in its metadata that it is one: what only a reader
// can judge (whether alternative text is true, whether the order makes sense) is not judged. Clauses are those of the standard.
import {
  decodePDFRawStream,
  PDFArray,
  PDFBool,
  PDFDict,
  PDFDocument,
  PDFHexString,
  PDFName,
  PDFNumber,
  PDFRawStream,
  PDFString,
  type PDFPageLeaf,
} from 'pdf-lib';

/** What a document lacks, each with its clause; null where it does not say that it is a PDF/UA, or is encrypted. */
export async function uaFaults(bytes: Uint8Array): Promise<string[] | null> {
  const document = await PDFDocument.load(bytes, { updateMetadata: false, ignoreEncryption: true }).catch(() => null);
  if (document === null || document.isEncrypted) return null;
  const metadata = metadataOf(document);
  if (!/pdfuaid:part\s*(?:=\s*["']|>\s*)[12]/.test(metadata)) return null;
  const pages = document.getPages().flatMap(({ node }, at) => pageFaults(node, at + 1));
  return [...new Set([...documentFaults(document, metadata), ...structureFaults(document), ...pages])];
}

function metadataOf({ catalog }: PDFDocument): string {
  const stream = catalog.lookup(PDFName.of('Metadata'));
  if (!(stream instanceof PDFRawStream)) return '';
  return new TextDecoder().decode(decodePDFRawStream(stream).decode());
}

function documentFaults({ catalog }: PDFDocument, metadata: string): string[] {
  const marks = dictionaryAt(catalog, 'MarkInfo');
  const viewer = dictionaryAt(catalog, 'ViewerPreferences');
  const language = textAt(catalog, 'Lang');
  return [
    ...fault(!isTrue(marks, 'Marked'), '7.1: it is not marked as tagged (MarkInfo)'),
    ...fault(isTrue(marks, 'Suspects'), '7.1: its tags are said to be suspect'),
    ...fault(
      !/<dc:title>[\s\S]*?\S[\s\S]*?<\/dc:title>/.test(metadata) || /<dc:title>(\s|<[^>]*>)*<\/dc:title>/.test(metadata),
      '7.1: its metadata has no title',
    ),
    ...fault(!isTrue(viewer, 'DisplayDocTitle'), '7.1: a viewer shows its file name, not its title (DisplayDocTitle)'),
    ...fault(!/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(language), `7.2: its language is no language tag, got "${language}"`),
  ];
}

/** Structure types of ISO 32000-1, 14.8.4. */
const STANDARD = new Set(
  (
    'Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3 H4 H5 H6 L LI Lbl LBody ' +
    'Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot Ruby RB RT RP Warichu WT WP Figure Formula Form'
  ).split(' '),
);
/** Deeper than any tree: one that leads back to itself ends here. */
const DEEPEST = 64;

function structureFaults({ catalog }: PDFDocument): string[] {
  const root = dictionaryAt(catalog, 'StructTreeRoot');
  if (root === null) return ['7.1: it has no structure tree'];
  const roles = dictionaryAt(root, 'RoleMap');
  const faults: string[] = [];
  const visit = (element: PDFDict, depth: number): void => {
    const type = nameAt(element, 'S');
    const role = STANDARD.has(type) ? type : roles === null ? '' : nameAt(roles, type);
    if (!STANDARD.has(role)) faults.push(`7.1: the structure type "${type}" is neither standard nor mapped to one`);
    const isPicture = role === 'Figure' || role === 'Formula';
    if (isPicture && textAt(element, 'Alt').trim() === '' && textAt(element, 'ActualText').trim() === '')
      faults.push(`${role === 'Figure' ? '7.3' : '7.7'}: a ${role} has no alternative text`);
    if (depth < DEEPEST) for (const kid of kidsOf(element)) visit(kid, depth + 1);
  };
  const top = kidsOf(root);
  if (top.length === 0) faults.push('7.1: its structure tree is empty');
  for (const element of top) visit(element, 0);
  if (dictionaryAt(root, 'ParentTree') === null) faults.push('7.1: its content has no way to its tags (ParentTree)');
  return faults;
}

/** The elements below one; pieces of content, which are numbers or references, left out. */
function kidsOf(element: PDFDict): PDFDict[] {
  const kids = element.lookup(PDFName.of('K'));
  const list = kids instanceof PDFArray ? kids.asArray().map((_, i) => kids.lookup(i)) : [kids];
  return list.filter((kid): kid is PDFDict => kid instanceof PDFDict && kid.has(PDFName.of('S')));
}

function pageFaults(page: PDFPageLeaf, number: number): string[] {
  const annotations = page.lookup(PDFName.of('Annots'));
  const hasAnnotations = annotations instanceof PDFArray && annotations.size() > 0;
  return [
    ...fault(
      !(page.lookup(PDFName.of('StructParents')) instanceof PDFNumber),
      `7.1: page ${number} has no way to its tags (StructParents)`,
    ),
    ...fault(hasAnnotations && nameAt(page, 'Tabs') !== 'S', `7.18.3: on page ${number} the tab key does not follow the tags (Tabs)`),
    ...fontsOf(page).flatMap(([name, font]) => fontFaults(name, font)),
  ];
}

function fontsOf(page: PDFPageLeaf): [string, PDFDict][] {
  // A page may have its fonts from the pages above it in the tree.
  const resources = page.Resources();
  const fonts = resources === undefined ? null : dictionaryAt(resources, 'Font');
  return (fonts?.entries() ?? []).flatMap(([name]) => {
    const font = fonts?.lookup(name);
    return font instanceof PDFDict ? [[nameAt(font, 'BaseFont') || name.decodeText(), font] as [string, PDFDict]] : [];
  });
}

const FILES = ['FontFile', 'FontFile2', 'FontFile3'];
/** Encodings by which a simple font's characters are known without a map. */
const KNOWN_ENCODINGS = new Set(['WinAnsiEncoding', 'MacRomanEncoding', 'MacExpertEncoding']);

function fontFaults(name: string, font: PDFDict): string[] {
  const isComposite = nameAt(font, 'Subtype') === 'Type0';
  const below = font.lookup(PDFName.of('DescendantFonts'));
  const first = below instanceof PDFArray ? below.lookup(0) : null;
  const own = isComposite && first instanceof PDFDict ? first : font;
  const descriptor = dictionaryAt(own, 'FontDescriptor');
  const isEmbedded = nameAt(font, 'Subtype') === 'Type3' || FILES.some((file) => descriptor?.has(PDFName.of(file)));
  const isKnown = font.has(PDFName.of('ToUnicode')) || (!isComposite && KNOWN_ENCODINGS.has(nameAt(font, 'Encoding')));
  const needsMap = nameAt(own, 'Subtype') === 'CIDFontType2';
  return [
    ...fault(!isEmbedded, `7.21.4.1: the font ${name} is not embedded`),
    ...fault(!isKnown, `7.21.7: what the characters of ${name} are is not said (ToUnicode)`),
    ...fault(needsMap && !own.has(PDFName.of('CIDToGIDMap')), `7.21.3.2: ${name} has no map from characters to glyphs (CIDToGIDMap)`),
  ];
}

function fault(is: boolean, text: string): string[] {
  return is ? [text] : [];
}

function dictionaryAt(dictionary: PDFDict, key: string): PDFDict | null {
  const found = dictionary.lookup(PDFName.of(key));
  return found instanceof PDFDict ? found : null;
}

function isTrue(dictionary: PDFDict | null, key: string): boolean {
  return dictionary?.lookup(PDFName.of(key)) === PDFBool.True;
}

function nameAt(dictionary: PDFDict, key: string): string {
  const found = dictionary.lookup(PDFName.of(key));
  return found instanceof PDFName ? found.decodeText() : '';
}

function textAt(dictionary: PDFDict, key: string): string {
  const found = dictionary.lookup(PDFName.of(key));
  return found instanceof PDFString || found instanceof PDFHexString ? found.decodeText() : '';
}
