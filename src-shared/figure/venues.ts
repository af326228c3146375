// Where a figure is to be printed: sizes and type by venue, one record each. Widths are those of the style files (ICML, AAAI,
// CVPR, ECCV, NeurIPS, ICLR), of Nature's figure guide and of IEEE's Author Center. Heights are the text block's, or the
// venue's own limit. Where a venue sets no limit for type, `typeRule` is 'studio' and the limits are this program's.

/** One column, or the page's whole width. */
export type VenueSpan = 'single' | 'double';

export interface Venue {
  readonly name: string;
  /** Widths in millimetres; a venue of one column has only the one. */
  readonly widthMm: { readonly single: number; readonly double?: number };
  readonly heightMm: number;
  /** Type size in points, least and most. */
  readonly typePt: { readonly least: number; readonly most: number };
  readonly typeRule: 'venue' | 'studio';
  /** What text of the venue is set in. */
  readonly font: 'sans' | 'serif';
  /** How panels are lettered. */
  readonly letters: 'a' | '(a)';
}

const INCH = 25.4;
const conference = { typePt: { least: 6, most: 10 }, typeRule: 'studio', font: 'serif', letters: '(a)' } as const;

export const VENUES = {
  neurips: { name: 'NeurIPS', widthMm: { single: 5.5 * INCH }, heightMm: 9 * INCH, ...conference },
  icml: { name: 'ICML', widthMm: { single: 3.25 * INCH, double: 6.75 * INCH }, heightMm: 9 * INCH, ...conference },
  iclr: { name: 'ICLR', widthMm: { single: 5.5 * INCH }, heightMm: 9 * INCH, ...conference },
  cvpr: { name: 'CVPR', widthMm: { single: 3.25 * INCH, double: 6.875 * INCH }, heightMm: 8.875 * INCH, ...conference },
  eccv: { name: 'ECCV', widthMm: { single: 122 }, heightMm: 193, ...conference },
  aaai: { name: 'AAAI', widthMm: { single: 3.3 * INCH, double: 6.975 * INCH }, heightMm: 9 * INCH, ...conference },
  ieee: {
    name: 'IEEE',
    widthMm: { single: 88.9, double: 182 },
    heightMm: 216,
    typePt: { least: 8, most: 10 },
    typeRule: 'venue',
    font: 'serif',
    letters: '(a)',
  },
  nature: {
    name: 'Nature',
    widthMm: { single: 89, double: 183 },
    heightMm: 170,
    typePt: { least: 5, most: 7 },
    typeRule: 'venue',
    font: 'sans',
    letters: 'a',
  },
} as const satisfies Record<string, Venue>;

export type VenueName = keyof typeof VENUES;
export const VENUE_NAMES = Object.keys(VENUES) as VenueName[];

/** A venue by its name. */
export function venueOf(name: VenueName): Venue {
  return VENUES[name];
}

/** The spans of a venue with their widths in millimetres. */
export function spansOf(name: VenueName): readonly (readonly [VenueSpan, number])[] {
  const { single, double } = venueOf(name).widthMm;
  return double === undefined
    ? [['single', single]]
    : [
        ['single', single],
        ['double', double],
      ];
}
