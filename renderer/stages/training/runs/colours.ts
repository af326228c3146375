// Colours of runs: the Okabe-Ito palette, which stays apart for colour-blind eyes.

const PALETTE = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#8c6bb1', '#7f7f7f'];

/** The colour of a run among those shown; the ninth run shares the first one's. */
export function runColour(shown: readonly string[], run: string): string {
  return colourOf(Math.max(0, shown.indexOf(run)));
}

/** The palette's colour of that number; it starts over after the eighth. */
export function colourOf(index: number): string {
  return PALETTE[index % PALETTE.length];
}
