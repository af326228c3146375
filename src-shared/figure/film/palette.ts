// The one palette of a film as GIF: colours of its scale, evenly along it, those of cells that are pale, and greys for text and
// lines. Invariant: it depends on the scale alone, so that a weight has one colour in every frame.
import type { ColourScaleName } from '../../colour/scales';
import { colourAt } from '../../colour/table';
import { PALE } from '../page/equation';
import type { Palette } from './gif';

const COUNTS = { scale: 168, pale: 40, grey: 48 } as const;

/** 256 colours. */
export function filmPalette(colours: ColourScaleName): Palette {
  const along = (count: number, of: (t: number) => readonly number[]): number[] =>
    Array.from({ length: count }, (_, i) => packedColour(of(i / (count - 1))));
  const pale = (channel: number): number => 255 - (255 - channel) * PALE;
  return [
    ...along(COUNTS.scale, (t) => colourAt(colours, t)),
    ...along(COUNTS.pale, (t) => colourAt(colours, t).map(pale)),
    ...along(COUNTS.grey, (t) => [26 + 229 * t, 26 + 229 * t, 26 + 229 * t]),
  ];
}

function packedColour([red, green, blue]: readonly number[]): number {
  return (Math.round(red) << 16) | (Math.round(green) << 8) | Math.round(blue);
}

/** Gives every pixel its nearest colour of a palette; what was found once is kept. */
export class NearestColour {
  private readonly known = new Map<number, number>();

  constructor(private readonly palette: Palette) {}

  /** The indexes of pixels of 3 bytes each. */
  indexes(rgb: Uint8Array): Uint8Array {
    const found = new Uint8Array(rgb.length / 3);
    for (let i = 0; i < found.length; i++) found[i] = this.of((rgb[3 * i] << 16) | (rgb[3 * i + 1] << 8) | rgb[3 * i + 2]);
    return found;
  }

  private of(colour: number): number {
    const known = this.known.get(colour);
    if (known !== undefined) return known;
    let [nearest, least] = [0, Infinity];
    this.palette.forEach((other, i) => {
      const [red, green, blue] = [
        (colour >> 16) - (other >> 16),
        ((colour >> 8) & 255) - ((other >> 8) & 255),
        (colour & 255) - (other & 255),
      ];
      const distance = red * red + green * green + blue * blue;
      if (distance < least) [nearest, least] = [i, distance];
    });
    this.known.set(colour, nearest);
    return nearest;
  }
}
