// Colour maps as tables of 1024 RGBA entries, interpolated between published anchor colours.
// All are readable with the common colour-vision deficiencies: no red-green pair carries meaning.

/** Length of a colour table. */
export const LUT_LENGTH = 1024;

export type ColormapName = 'blueOrange' | 'purpleGreen' | 'viridis' | 'cividis' | 'grey' | 'paperGreen';

/** A colour map: its anchors from low to high, what it is for and where the anchors come from. */
export interface Colormap {
  readonly label: string;
  readonly diverging: boolean;
  readonly source: string;
  readonly anchors: readonly string[];
  /** Colours of cells below and above the limits. */
  readonly under: string;
  readonly over: string;
}

export const COLORMAPS: Readonly<Record<ColormapName, Colormap>> = {
  blueOrange: {
    label: 'Blue - orange',
    diverging: true,
    source: 'ColorBrewer 2.0, Blues and Oranges joined at white',
    anchors: [
      ...['#08306b', '#08519c', '#2171b5', '#4292c6', '#6baed6', '#9ecae1', '#c6dbef', '#deebf7', '#f7f7f7'],
      ...['#fee6ce', '#fdd0a2', '#fdae6b', '#fd8d3c', '#f16913', '#d94801', '#a63603', '#7f2704'],
    ],
    under: '#00102e',
    over: '#3a0f00',
  },
  purpleGreen: {
    label: 'Purple - green',
    diverging: true,
    source: 'ColorBrewer 2.0, PRGn',
    anchors: [
      ...['#40004b', '#762a83', '#9970ab', '#c2a5cf', '#e7d4e8', '#f7f7f7'],
      ...['#d9f0d3', '#a6dba0', '#5aae61', '#1b7837', '#00441b'],
    ],
    under: '#1b0020',
    over: '#001a0a',
  },
  viridis: {
    label: 'Viridis',
    diverging: false,
    source: 'Matplotlib, S. van der Walt and N. Smith',
    anchors: ['#440154', '#482878', '#3e4a89', '#31688e', '#26828e', '#1f9e89', '#35b779', '#6dcd59', '#b4de2c', '#fde725'],
    under: '#14001a',
    over: '#ffffff',
  },
  cividis: {
    label: 'Cividis',
    diverging: false,
    source: 'Nunez, Anderton and Renslow 2018',
    anchors: ['#00224e', '#123570', '#3b496c', '#575d6d', '#707173', '#8a8678', '#a59c74', '#c3b369', '#e1cc55', '#fee838'],
    under: '#000a1c',
    over: '#ffffff',
  },
  grey: {
    label: 'Grey',
    diverging: false,
    source: 'ColorBrewer 2.0, Greys',
    anchors: ['#ffffff', '#f0f0f0', '#d9d9d9', '#bdbdbd', '#969696', '#737373', '#525252', '#252525', '#000000'],
    under: '#d7e8ff',
    over: '#3b0b00',
  },
  paperGreen: {
    label: 'Paper green',
    diverging: false,
    source: 'ColorBrewer 2.0, YlGn (the look of figure 5)',
    anchors: ['#ffffe5', '#f7fcb9', '#d9f0a3', '#addd8e', '#78c679', '#41ab5d', '#238443', '#006837', '#004529'],
    under: '#ffffff',
    over: '#00190e',
  },
};

export type Rgb = readonly [number, number, number];

/** `#rrggbb` as three bytes. */
export function rgbOf(hex: string): Rgb {
  const bits = Number.parseInt(hex.slice(1), 16);
  return [bits >> 16, (bits >> 8) & 255, bits & 255];
}

/** LUT_LENGTH RGBA entries, low to high. */
export function lutOf(name: ColormapName): Uint8Array {
  const anchors = COLORMAPS[name].anchors.map(rgbOf);
  const lut = new Uint8Array(LUT_LENGTH * 4);
  for (let k = 0; k < LUT_LENGTH; k++) {
    const position = (k / (LUT_LENGTH - 1)) * (anchors.length - 1);
    const left = Math.min(Math.floor(position), anchors.length - 2);
    const share = position - left;
    for (let channel = 0; channel < 3; channel++) {
      lut[4 * k + channel] = Math.round(anchors[left][channel] * (1 - share) + anchors[left + 1][channel] * share);
    }
    lut[4 * k + 3] = 255;
  }
  return lut;
}
