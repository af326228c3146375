// What is on an SVG of any program: its elements are followed with their transforms and styles. Nothing is rendered.
import { DOMParser, type Document, type Element, type Node } from '@xmldom/xmldom';
import { rgb } from 'd3-color';
import { UserError } from '../../base/user-error';
import { millimetres } from '../page/display-list';
import { textWidth } from '../page/font-metrics';
import {
  cornersOf,
  enlargement,
  extentOf,
  isBeyond,
  multiplied,
  type Extent,
  type Matrix6,
  type SheetFacts,
  type SheetFont,
  type SheetImage,
  type SheetLine,
  type SheetPatch,
  type SheetText,
} from './facts';
import { pathPoints } from './svg-path';
import { attribute, innerMatrix, pageOf, transformOf } from './svg-place';
import { familyName, lengthOf, rulesOf, styleOf, type Rule, type Style } from './svg-style';
import { barColours } from './image-bar';
import { imagePixels, imageSize } from './image-size';

const XLINK = 'http://www.w3.org/1999/xlink';
/** Elements whose content is drawn only where it is called for. */
const HIDDEN = new Set([
  'defs',
  'symbol',
  'clipPath',
  'mask',
  'pattern',
  'marker',
  'metadata',
  'title',
  'desc',
  'style',
  'script',
  'linearGradient',
  'radialGradient',
  'filter',
]);

/** Reads an SVG. Throws UserError for what is none. */
export function readSvg(text: string, where: string): SheetFacts {
  const document = parsed(text, where);
  const root = document.documentElement;
  if (root?.localName !== 'svg') throw new UserError(`${where} is no SVG: its root is <${root?.localName ?? 'nothing'}>`);
  const { width, height, matrix } = pageOf(root, where);
  const sheet = new SvgSheet(document, { width, height }, where);
  sheet.visit(root, { matrix, style: {}, depth: 0 });
  const [title, description] = ['title', 'desc'].map((name) => childText(root, name));
  const label = root.getAttribute('aria-label')?.trim() ?? '';
  return {
    format: 'SVG',
    pages: 1,
    widthMm: millimetres(width),
    heightMm: millimetres(height),
    ...sheet.drawn(),
    title: title || label || null,
    language: root.getAttribute('xml:lang') || root.getAttribute('lang') || null,
    alternatives: [description || label].filter(Boolean),
    accessible: null,
    tagged: root.getAttribute('role') === 'img',
  };
}

function parsed(text: string, where: string): Document {
  try {
    return new DOMParser({ onError: (level, message) => level === 'fatalError' && fail(message) }).parseFromString(text, 'image/svg+xml');
  } catch (error) {
    throw new UserError(`${where} cannot be read as an SVG: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
  }
}

function fail(message: string): never {
  throw new Error(message);
}

function childText(element: Element, name: string): string {
  const child = elementsOf(element).find(({ localName }) => localName === name);
  return child?.textContent?.trim() ?? '';
}

function elementsOf(node: Node): Element[] {
  return Array.from(node.childNodes).filter((child): child is Element => child.nodeType === 1);
}

/** Where a walk is. */
interface Place {
  readonly matrix: Matrix6;
  readonly style: Style;
  readonly depth: number;
}

/** Deeper than any drawing: uses that call themselves end here. */
const DEEPEST = 64;

class SvgSheet {
  private readonly rules: readonly Rule[];
  private readonly embedded: ReadonlySet<string>;
  private readonly fonts = new Map<string, SheetFont>();
  private readonly texts: SheetText[] = [];
  private readonly lines: SheetLine[] = [];
  private readonly images: SheetImage[] = [];
  private readonly patches: SheetPatch[] = [];
  private readonly beyond: string[] = [];

  constructor(
    private readonly document: Document,
    private readonly page: { readonly width: number; readonly height: number },
    private readonly where: string,
  ) {
    const css = Array.from(document.getElementsByTagName('style'), (element) => element.textContent ?? '').join('\n');
    const { rules, embedded } = rulesOf(css, where);
    [this.rules, this.embedded] = [rules, embedded];
  }

  drawn(): Pick<SheetFacts, 'fonts' | 'texts' | 'lines' | 'images' | 'patches' | 'beyond' | 'gradients'> {
    const { texts, lines, images, patches, beyond } = this;
    return { fonts: [...this.fonts.values()], texts, lines, images, patches, beyond, gradients: this.gradients() };
  }

  private gradients(): string[][] {
    const found = ['linearGradient', 'radialGradient'].flatMap((name) => Array.from(this.document.getElementsByTagName(name)));
    const colours = found.map((gradient) =>
      elementsOf(gradient).flatMap((stop) => {
        const own = /stop-color\s*:\s*([^;]+)/.exec(stop.getAttribute('style') ?? '')?.[1] ?? stop.getAttribute('stop-color');
        return own ? (hexOf(own) ?? []) : [];
      }),
    );
    return colours.filter((stops) => stops.length > 2);
  }

  visit(element: Element, { matrix, style: inherited, depth }: Place): void {
    const style = styleOf(element, inherited, this.rules);
    if (depth > DEEPEST || style.display === 'none' || (depth > 0 && HIDDEN.has(element.localName ?? ''))) return;
    const place = { matrix: multiplied(matrix, transformOf(element.getAttribute('transform') ?? '')), style, depth: depth + 1 };
    switch (element.localName) {
      case 'text':
        return this.text(element, place);
      case 'image':
        return this.image(element, place);
      case 'use':
        return this.use(element, place);
      case 'svg':
        return this.inner(element, {
          ...place,
          matrix: depth === 0 ? place.matrix : multiplied(place.matrix, innerMatrix(element, element)),
        });
      case 'foreignObject':
        throw new UserError(
          `${this.where} has a <foreignObject>: text and pictures in it are those of a web page, which no program for print draws; export it with plain SVG text`,
        );
      case 'g':
      case 'a':
      case 'switch':
        return this.inner(element, place);
      default:
        return this.shape(element, place);
    }
  }

  private inner(element: Element, place: Place): void {
    elementsOf(element).forEach((child) => this.visit(child, place));
  }

  private use(element: Element, { matrix, ...place }: Place): void {
    const href = hrefOf(element);
    if (href !== '' && !href.startsWith('#'))
      throw new UserError(
        `${this.where} draws "${href.slice(0, 80)}", which lies outside the file: put it into the file, so that it is printed`,
      );
    const id = href.slice(1);
    const found = Array.from(this.document.getElementsByTagName('*')).find((one) => one.getAttribute('id') === id);
    if (!found) return;
    const [x, y] = [attribute(element, 'x'), attribute(element, 'y')];
    const moved = { ...place, matrix: multiplied(matrix, [1, 0, 0, 1, x, y]) };
    if (found.localName !== 'symbol') return this.visit(found, moved);
    const style = styleOf(found, moved.style, this.rules);
    this.inner(found, { ...moved, style, matrix: multiplied(moved.matrix, innerMatrix(found, element)) });
  }

  private shape(element: Element, { matrix, style }: Place): void {
    const points = pointsOf(element);
    if (points.length === 0 || style.visibility === 'hidden') return;
    const extent = extentOf(points, matrix);
    const [fill, stroke] = [style.fill ?? '#000000', style.stroke ?? 'none'].map((paint) => hexOf(paint, style));
    const filled = fill !== null && element.localName !== 'line';
    if (filled) this.patches.push({ colour: fill, extent });
    if (stroke !== null)
      this.lines.push({ width: this.understood('stroke-width', style['stroke-width'] ?? '1') * enlargement(matrix), colour: stroke });
    if (filled || stroke !== null) this.heed(extent, filled ? 'a filled shape' : 'a line');
  }

  private image(element: Element, { matrix }: Place): void {
    const [width, height] = [attribute(element, 'width'), attribute(element, 'height')];
    const extent = extentOf(cornersOf(attribute(element, 'x'), attribute(element, 'y'), width, height), matrix);
    const size = imageSize(hrefOf(element));
    const isStraight = matrix[1] === 0 && matrix[2] === 0;
    const isStrip = Math.max(extent.width, extent.height) >= 4 * Math.min(extent.width, extent.height);
    const pixels = isStraight && isStrip ? imagePixels(hrefOf(element)) : null;
    const scale = enlargement(matrix);
    const dpi = size === null ? Number.NaN : Math.min((size.width / (width * scale)) * 72, (size.height / (height * scale)) * 72);
    this.images.push({ dpi, extent, colours: pixels && barColours(pixels, extent) });
    this.heed(extent, 'a picture');
  }

  /** Text and its parts; a part without a place of its own follows on its parent's. */
  private text(element: Element, place: Place, from: readonly [number, number] = [0, 0]): void {
    const [x, y] = (['x', 'y'] as const).map((name, i) => (element.hasAttribute(name) ? attribute(element, name) : from[i]));
    const own = Array.from(element.childNodes)
      .filter(({ nodeType }) => nodeType === 3)
      .map(({ nodeValue }) => nodeValue ?? '')
      .join(' ')
      .trim();
    const { matrix, style } = place;
    if (own !== '' && style.visibility !== 'hidden') {
      const size = this.understood('font-size', style['font-size'] ?? '16');
      const family = familyName(style['font-family'] ?? 'the viewer’s own');
      this.fonts.set(family, { name: family, embedded: this.embedded.has(family), type3: false });
      this.texts.push({ text: own, size: size * Math.hypot(matrix[2], matrix[3]) });
      // How wide type is in a face we do not have is only about known: half of that is surely there.
      const width = 0.5 * textWidth(own, size);
      const back = width * ({ start: 0, middle: 0.5, end: 1 }[style['text-anchor'] ?? 'start'] ?? 0);
      const corners = cornersOf(x - back, y - 0.5 * size, width, 0.5 * size);
      this.heed(extentOf(corners, matrix), `text "${own.slice(0, 40)}"`);
    }
    for (const child of elementsOf(element))
      if (child.localName === 'tspan' || child.localName === 'a' || child.localName === 'textPath')
        this.text(child, { ...place, style: styleOf(child, style, this.rules) }, [x, y]);
  }

  /** A length. Throws UserError for what is none that is read here: unmeasured, it would pass. */
  private understood(name: string, text: string): number {
    const length = lengthOf(text);
    if (Number.isFinite(length)) return length;
    throw new UserError(`${this.where}: ${name} "${text.slice(0, 40)}" is no length that can be measured; write it in px, pt or mm`);
  }

  private heed(extent: Extent, what: string): void {
    if (isBeyond(extent, this.page)) this.beyond.push(what);
  }
}

function hrefOf(element: Element): string {
  return element.getAttribute('href') || element.getAttributeNS(XLINK, 'href') || element.getAttribute('xlink:href') || '';
}

/** A paint as `#rrggbb`; null for none, and for what is no plain colour. */
function hexOf(paint: string, style: Style = {}): string | null {
  const text = paint.trim() === 'currentColor' ? (style.color ?? '#000000') : paint.trim();
  if (text === 'none' || text === 'transparent' || text.startsWith('url(')) return null;
  const colour = rgb(text);
  return Number.isFinite(colour.r) && colour.opacity > 0 ? colour.formatHex() : null;
}

function pointsOf(element: Element): (readonly [number, number])[] {
  const at = (name: string): number => attribute(element, name);
  switch (element.localName) {
    case 'rect':
      return cornersOf(at('x'), at('y'), at('width'), at('height'));
    case 'circle':
      return cornersOf(at('cx') - at('r'), at('cy') - at('r'), 2 * at('r'), 2 * at('r'));
    case 'ellipse':
      return cornersOf(at('cx') - at('rx'), at('cy') - at('ry'), 2 * at('rx'), 2 * at('ry'));
    case 'line':
      return [
        [at('x1'), at('y1')],
        [at('x2'), at('y2')],
      ];
    case 'polyline':
    case 'polygon': {
      const numbers = (element.getAttribute('points') ?? '')
        .trim()
        .split(/[\s,]+/)
        .map(Number);
      return Array.from({ length: Math.floor(numbers.length / 2) }, (_, i) => [numbers[2 * i], numbers[2 * i + 1]] as const);
    }
    case 'path':
      return pathPoints(element.getAttribute('d') ?? '');
    default:
      return [];
  }
}
