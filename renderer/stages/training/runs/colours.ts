// Colours of runs: variables of the theme, the Okabe-Ito palette, which stays apart for colour-blind eyes.

const COUNT = 8;

/** The colour of a run among those shown, as the name of a variable; the ninth run shares the first one's. */
export function runColour(shown: readonly string[], run: string): string {
  return colourOf(Math.max(0, shown.indexOf(run)));
}

/** The palette's colour of that number, as the name of a variable; it starts over after the eighth. */
export function colourOf(index: number): string {
  return `--series-${(index % COUNT) + 1}`;
}
