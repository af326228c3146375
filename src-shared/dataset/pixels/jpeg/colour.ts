// The colours of a JPEG: which of its components mean what, as libjpeg guesses it, and their way to RGB in its whole
// numbers. Four components are inverted ink amounts (as Adobe writes them), turned to RGB as Pillow does.

/** What says how the components are to be read. */
export interface ColourMarks {
  readonly jfif: boolean;
  /** The transform of Adobe's marker; null without one. */
  readonly adobe: number | null;
  readonly ids: readonly number[];
}

/** Whether three or four components are light and two colours (the fourth is black ink), not colours themselves. */
function isLightAndColour({ jfif, adobe, ids }: ColourMarks): boolean {
  if (ids.length === 4) return adobe !== null && adobe !== 0;
  if (jfif) return true;
  if (adobe !== null) return adobe !== 0;
  return !(ids[0] === 0x52 && ids[1] === 0x47 && ids[2] === 0x42);
}

/** Pixels (height, width, 3) of planes at full size. */
export function rgbOf(planes: readonly Uint8Array[], marks: ColourMarks): Uint8Array {
  const [first, second = first, third = first, black] = planes;
  const pixels = new Uint8Array(3 * first.length);
  const isTransformed = planes.length > 1 && isLightAndColour(marks);
  for (let i = 0, at = 0; i < first.length; i++, at += 3) {
    if (isTransformed) fromLightAndColour(first[i], second[i], third[i], pixels, at);
    else {
      pixels[at] = first[i];
      pixels[at + 1] = second[i];
      pixels[at + 2] = third[i];
    }
    if (black !== undefined) underBlack(pixels, at, black[i], isTransformed);
  }
  return pixels;
}

const HALF = 1 << 15;
const fixed = (value: number): number => Math.round(value * 65536);
const RED_OF_CR = fixed(1.402);
const GREEN_OF_CB = -fixed(0.34414);
const GREEN_OF_CR = -fixed(0.71414);
const BLUE_OF_CB = fixed(1.772);

function fromLightAndColour(y: number, cb: number, cr: number, pixels: Uint8Array, at: number): void {
  pixels[at] = limited(y + ((RED_OF_CR * (cr - 128) + HALF) >> 16));
  pixels[at + 1] = limited(y + ((GREEN_OF_CB * (cb - 128) + HALF + GREEN_OF_CR * (cr - 128)) >> 16));
  pixels[at + 2] = limited(y + ((BLUE_OF_CB * (cb - 128) + HALF) >> 16));
}

function limited(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

/** Takes three inks and black to RGB in place. Stored amounts are inverted; those that came by way of light and colour once more. */
function underBlack(pixels: Uint8Array, at: number, black: number, isTransformed: boolean): void {
  for (let c = at; c < at + 3; c++) {
    const ink = isTransformed ? pixels[c] : 255 - pixels[c];
    pixels[c] = limited(black - divided255(ink * black));
  }
}

/** A product of two bytes over 255, rounded. */
function divided255(product: number): number {
  const shifted = product + 128;
  return ((shifted >> 8) + shifted) >> 8;
}
