// The press inspection: facts of a sheet against the limits of print and of a venue. Every finding says what was measured, what
// is asked, whether it passes, and what to do where it does not. What cannot be judged is said to be so, and fails nothing.
import { smallestOf } from '../../base/extremes';
import { z } from 'zod';
import type { Stored } from '../../base/sent';
import { spansOf, VENUE_NAMES, venueOf, type VenueName } from '../venues';
import { colourFindings } from './judge-colours';
import type { SheetFacts } from './facts';
import { finding, findingSchema, type Finding } from './finding';
import { LEAST_DPI, LEAST_LINE_PT, LEAST_TYPE_PT, SIZE_TOLERANCE_MM } from './limits';

export const inspectionSchema = z.object({ pass: z.boolean(), venue: z.enum(VENUE_NAMES).nullable(), findings: z.array(findingSchema) });
export type Inspection = Stored<z.infer<typeof inspectionSchema>>;

/** Judges a sheet, for a venue where one is named. */
export function judge(facts: SheetFacts, venue: VenueName | null): Inspection {
  const findings = [
    ...sizeFindings(facts, venue),
    ...fontFindings(facts),
    typeFinding(facts, venue),
    lineFinding(facts),
    rasterFinding(facts),
    edgeFinding(facts),
    ...colourFindings(facts),
    ...accessFindings(facts),
  ];
  return { pass: findings.every(({ verdict }) => verdict !== 'fail'), venue, findings };
}

const mm = (value: number): string => `${value.toFixed(1)} mm`;
const pt = (value: number): string => `${Number(value.toFixed(2))} pt`;

function sizeFindings({ pages, widthMm, heightMm }: SheetFacts, venue: VenueName | null): Finding[] {
  const one = finding(
    'pages',
    pages === 1,
    `${pages} page${pages === 1 ? '' : 's'}`,
    'a figure is one page: save each page as a file of its own',
  );
  const size = `${mm(widthMm)} x ${mm(heightMm)}`;
  if (venue === null) return [one, finding('width', null, `${size}; no venue is named`, '')];
  const { name, heightMm: most } = venueOf(venue);
  const widths = spansOf(venue).map(([, width]) => width);
  const fits = widths.some((width) => Math.abs(width - widthMm) <= SIZE_TOLERANCE_MM);
  const asked = widths.map(mm).join(' or ');
  return [
    one,
    finding(
      'width',
      fits,
      `${mm(widthMm)} wide; ${name} takes ${asked}`,
      `make the page ${asked} wide: scaled into place, all type and lines change size`,
    ),
    finding(
      'height',
      heightMm <= most + SIZE_TOLERANCE_MM,
      `${mm(heightMm)} high; ${name} takes ${mm(most)} at most`,
      'make it lower: smaller pictures, a second column, or fewer parts',
    ),
  ];
}

function fontFindings({ fonts, texts, format }: SheetFacts): Finding[] {
  const names = (found: typeof fonts): string => [...new Set(found.map(({ name }) => name))].join(', ');
  const type3 = fonts.filter((font) => font.type3);
  const missing = fonts.filter((font) => !font.embedded);
  const all = fonts.length === 0 ? 'no font is used' : `${names(fonts)}`;
  const embed =
    format === 'PDF' ? 'save it with fonts embedded' : 'embed the font as @font-face with a data URL, or turn text into outlines';
  return [
    finding(
      'Type 3 fonts',
      type3.length === 0,
      type3.length === 0 ? `none (${all})` : names(type3),
      'conference checkers refuse Type 3: save with TrueType instead (matplotlib: rcParams["pdf.fonttype"] = 42)',
    ),
    finding('embedded fonts', missing.length === 0, missing.length === 0 ? `all (${all})` : `not embedded: ${names(missing)}`, embed),
    finding(
      'text is text',
      texts.length > 0 ? true : null,
      texts.length > 0 ? `${texts.length} pieces of text` : 'there is no text: it has none, or it was turned into outlines',
      '',
    ),
  ];
}

function typeFinding({ texts }: SheetFacts, venue: VenueName | null): Finding {
  if (texts.length === 0) return finding('type size', null, 'there is no text', '');
  const sizes = texts.toSorted((a, b) => a.size - b.size);
  const [smallest, largest] = [sizes[0], sizes[sizes.length - 1]];
  const { least, most } = venue === null ? { least: LEAST_TYPE_PT, most: Infinity } : venueOf(venue).typePt;
  const rule =
    venue === null ? 'print' : venueOf(venue).typeRule === 'venue' ? venueOf(venue).name : 'this program, where the venue sets none,';
  const says = `${pt(smallest.size)} ("${smallest.text.slice(0, 30)}") to ${pt(largest.size)}; ${rule} takes ${least}${most === Infinity ? ' pt and more' : ` to ${most} pt`}`;
  const tooSmall = smallest.size < least - TYPE_SLACK;
  return finding(
    'type size',
    !tooSmall && largest.size <= most + TYPE_SLACK,
    says,
    tooSmall ? `set the smallest text in ${least} pt at the figure's final size` : `set the largest text in ${most} pt at most`,
  );
}

/** Rounding of files, points. */
const TYPE_SLACK = 0.02;

function lineFinding({ lines }: SheetFacts): Finding {
  if (lines.length === 0) return finding('line width', null, 'there are no lines', '');
  const thinnest = smallestOf(lines.map(({ width }) => width));
  const says = `the thinnest is ${pt(thinnest)}; print holds ${LEAST_LINE_PT} pt`;
  return finding(
    'line width',
    thinnest >= LEAST_LINE_PT - 0.005,
    says,
    `draw lines at least ${LEAST_LINE_PT} pt wide; a width of 0 is as thin as the device can, which on a press is nothing`,
  );
}

function rasterFinding({ images }: SheetFacts): Finding {
  if (images.length === 0) return finding('raster resolution', true, 'no rasters: all is drawn as vectors', '');
  const known = images.filter(({ dpi }) => Number.isFinite(dpi));
  const unknown = images.length - known.length;
  if (unknown > 0)
    return finding(
      'raster resolution',
      false,
      `the pixels of ${unknown} of ${images.length} picture${images.length === 1 ? '' : 's'} are not in the file, or in a form that is not read`,
      'put the pictures into the file, as PNG or JPEG: what lies beside it is not printed',
    );
  const coarsest = smallestOf(known.map(({ dpi }) => dpi));
  const says = `${images.length} raster${images.length === 1 ? '' : 's'}, the coarsest ${coarsest.toFixed(0)} pixels per inch; print asks ${LEAST_DPI}`;
  return finding(
    'raster resolution',
    coarsest >= LEAST_DPI - 0.5,
    says,
    `save pictures at ${LEAST_DPI} pixels per inch of their final size`,
  );
}

function edgeFinding({ beyond }: SheetFacts): Finding {
  const first = beyond.slice(0, 3).join('; ');
  const says =
    beyond.length === 0 ? 'all lies on the page' : `${beyond.length} part${beyond.length === 1 ? '' : 's'} reach beyond it: ${first}`;
  return finding(
    "the page's edge",
    beyond.length === 0,
    says,
    'make the page larger or the drawing smaller: what lies beyond the edge is cut off',
  );
}

function accessFindings({ format, title, language, alternatives, tagged, accessible }: SheetFacts): Finding[] {
  const longest = alternatives.reduce((one, other) => (other.length > one.length ? other : one), '');
  const alternative = finding(
    'alternative text',
    longest.length > 0,
    longest === '' ? 'none' : `${longest.length} characters: "${longest.slice(0, 60)}${longest.length > 60 ? '…' : ''}"`,
    format === 'PDF'
      ? 'tag the figure and give it alternative text that says what it shows'
      : 'write <title> and <desc> as the first children of <svg>',
  );
  if (format === 'SVG') {
    return [
      alternative,
      finding(
        'tags',
        tagged && title !== null,
        tagged && title !== null ? 'one image with a title' : 'not declared one image with a title',
        'write role="img" and a <title> on <svg>',
      ),
    ];
  }
  const lacks = [
    ...(tagged ? [] : ['a structure tree']),
    ...(title === null ? ['a title'] : []),
    ...(language === null ? ['a language'] : []),
  ];
  const says = lacks.length === 0 ? `structure tree, title, language ${language ?? ''}` : `it lacks ${lacks.join(', ')}`;
  return [
    alternative,
    finding('tags', lacks.length === 0, says, 'save it as a tagged PDF (PDF/UA) with title and language'),
    accessibleFinding(accessible),
  ];
}

/** A PDF that says it is one of PDF/UA is held to it. */
function accessibleFinding(faults: SheetFacts['accessible']): Finding {
  if (faults === null) return finding('PDF/UA', null, 'it does not say that it is one of PDF/UA (ISO 14289)', '');
  const says = faults.length === 0 ? 'all holds that a program can check of ISO 14289-1' : faults.join('; ');
  return finding('PDF/UA', faults.length === 0, says, 'mend what it lacks of ISO 14289-1, or take out of its metadata that it is a PDF/UA');
}
