// The colour scales, one record each: this is their only list, read by shader, canvas and figure alike.
// Colours between two stops are mixed in CIELAB. All are readable with the common colour-vision deficiencies:
// no red-green pair carries meaning.
import {
  interpolateCividis,
  interpolateViridis,
  schemeBlues,
  schemeGreys,
  schemeOranges,
  schemePRGn,
  schemeYlGn,
} from 'd3-scale-chromatic';
import type { ValueTransform } from './transform';

/** A colour scale: its colours from low to high, what it is for and where the colours come from. */
export interface ColourScale {
  readonly label: string;
  /** Diverging: the middle means zero. Sequential: one direction, for magnitudes. */
  readonly kind: 'diverging' | 'sequential';
  /** Evenly spaced CSS colours. */
  readonly stops: readonly string[];
  /** Colours of values below and above the limits, and of the infinities: outside the scale at either end. */
  readonly under: string;
  readonly over: string;
  /** The value transform the scale is made for; others may be chosen. */
  readonly transform: ValueTransform;
  /** Where it ends unless one says otherwise: as far below zero as above, or from zero (from the least where its transform is of ratios). */
  readonly limits: 'around-zero' | 'from-zero';
  readonly source: string;
}

const signed = { kind: 'diverging', transform: 'linear', limits: 'around-zero' } as const;
const rising = { kind: 'sequential', transform: 'linear', limits: 'from-zero' } as const;

/** Stops of a scale that the library gives as a function of 0..1: as many as its finest table has. */
const FINEST = 256;
const sampled = (colourOf: (position: number) => string): string[] =>
  Array.from({ length: FINEST }, (_, k) => colourOf((k + 0.5) / FINEST));

/** Zero on a dark ground. */
const NIGHT = '#101010';

export const COLOUR_SCALES = {
  'blue-orange': {
    ...signed,
    label: 'Blue - orange',
    stops: [...schemeBlues[9].slice(1).reverse(), '#f7f7f7', ...schemeOranges[9].slice(1)],
    under: '#00102e',
    over: '#3a0f00',
    source: 'ColorBrewer 2.0, Blues and Oranges joined at white',
  },
  'blue-orange-night': {
    ...signed,
    label: 'Blue - orange, on black',
    stops: [...schemeBlues[9].slice(2), NIGHT, ...schemeOranges[9].slice(2).reverse()],
    under: '#ffffff',
    over: '#fff3c4',
    source: 'ColorBrewer 2.0, Blues and Oranges joined at black, for a dark room',
  },
  'purple-green': {
    ...signed,
    label: 'Purple - green',
    stops: schemePRGn[11],
    under: '#1b0020',
    over: '#001a0a',
    source: 'ColorBrewer 2.0, PRGn',
  },
  viridis: {
    ...rising,
    label: 'Viridis',
    stops: sampled(interpolateViridis),
    under: '#14001a',
    over: '#ffffff',
    source: 'Matplotlib, S. van der Walt and N. Smith',
  },
  cividis: {
    ...rising,
    label: 'Cividis',
    stops: sampled(interpolateCividis),
    under: '#000a1c',
    over: '#ffffff',
    source: 'Nunez, Anderton and Renslow 2018',
  },
  grey: {
    ...rising,
    label: 'Grey',
    stops: schemeGreys[9],
    under: '#d7e8ff',
    over: '#3b0b00',
    source: 'ColorBrewer 2.0, Greys',
  },
  'paper-green': {
    ...rising,
    label: 'Paper green',
    stops: schemeYlGn[9],
    under: '#ffffff',
    over: '#00190e',
    transform: 'log-ratio',
    source: 'ColorBrewer 2.0, YlGn (the look of figure 5)',
  },
} as const satisfies Readonly<Record<string, ColourScale>>;

/** The name of a scale: as recipes write it, the window chooses it and the code asks for it. */
export type ColourScaleName = keyof typeof COLOUR_SCALES;

export const COLOUR_SCALE_NAMES = Object.keys(COLOUR_SCALES) as [ColourScaleName, ...ColourScaleName[]];

/** The record of a name. */
export function colourScale(name: ColourScaleName): ColourScale {
  return COLOUR_SCALES[name];
}
