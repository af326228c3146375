// Lengths that grow with the text of the window, for what is laid out by numbers.

/** A length in root ems as CSS pixels, by the size of text that is set now. */
export function remPixels(rem: number): number {
  return rem * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}
