// Whether colours can be told apart: every pair that tells things apart, and every step of a scale, to normal vision, the three
// dichromacies and on a grey print, in numbers (a simulation is of no use to who has the deficiency).
import { smallestOf } from '../../base/extremes';
import { colourGroups } from './colour-groups';
import { differenceSeen, seenAs, VISIONS, type Vision } from './colour-vision';
import type { SheetFacts } from './facts';
import { finding, type Finding } from './finding';
import { LEAST_DIFFERENCE, LEAST_STEP, MOST_LEGEND, SCALE_STEPS } from './limits';

export function colourFindings(facts: SheetFacts): Finding[] {
  const { legend, scales, hasCells } = colourGroups(facts);
  return [...legendFindings(legend), ...scaleFindings(scales, hasCells)];
}

function legendFindings(colours: readonly string[]): Finding[] {
  const rule = (vision: Vision): string => `colours, ${vision}`;
  if (colours.length < 2) return [finding('colours', true, colours.length === 0 ? 'none but greys' : `one: ${colours[0]}`, '')];
  if (colours.length > MOST_LEGEND)
    return [
      finding('colours', null, `${colours.length} colours: more than a legend has, so that they are not held against each other`, ''),
    ];
  return VISIONS.map((vision) => {
    const [difference, one, other] = closestPair(colours, vision);
    const least = LEAST_DIFFERENCE[vision];
    const says = `${one} and ${other} differ by ${difference.toFixed(1)}; ${least} is asked`;
    const fix =
      vision === 'grey'
        ? 'make one of them lighter, or tell them apart by dashes or shapes as well'
        : 'take another colour for one of them, or make one lighter';
    return finding(rule(vision), difference >= least, says, fix);
  });
}

function closestPair(colours: readonly string[], vision: Vision): [difference: number, one: string, other: string] {
  let closest: [number, string, string] = [Infinity, '', ''];
  colours.forEach((one, i) => {
    for (const other of colours.slice(0, i)) {
      const difference = differenceSeen(one, other, vision);
      if (difference < closest[0]) closest = [difference, other, one];
    }
  });
  return closest;
}

function scaleFindings(scales: readonly (readonly string[])[], hasCells: boolean): Finding[] {
  if (scales.length === 0)
    return [
      finding(
        'scale steps',
        hasCells ? null : true,
        hasCells ? 'there are coloured cells and no colour bar was found: their scale is not judged' : 'there is no colour scale',
        '',
      ),
    ];
  return VISIONS.map((vision) => {
    const least = smallestOf(scales.map((scale) => smallestStep(scale, vision)));
    const says = `the closest of ${SCALE_STEPS} steps of ${scales.length === 1 ? 'its scale' : `each of ${scales.length} scales`} differ by ${least.toFixed(1)}; ${LEAST_STEP[vision]} is asked${greyRemark(scales, vision)}`;
    return finding(
      `scale steps, ${vision}`,
      least >= LEAST_STEP[vision],
      says,
      'take a scale whose lightness rises evenly, such as viridis, or a diverging one of blue and orange',
    );
  });
}

/** The smallest difference of neighbouring steps of a scale cut into eight. */
function smallestStep(scale: readonly string[], vision: Vision): number {
  const steps = Array.from({ length: SCALE_STEPS + 1 }, (_, i) => scale[Math.round((i * (scale.length - 1)) / SCALE_STEPS)]);
  return smallestOf(steps.slice(1).map((colour, i) => differenceSeen(steps[i], colour, vision)));
}

/** A scale whose lightness turns has pairs of values that share a grey. */
function greyRemark(scales: readonly (readonly string[])[], vision: Vision): string {
  if (vision !== 'grey') return '';
  const turns = scales.some((scale) => {
    const light = [0, 0.5, 1].map((at) => seenAs(scale[Math.round(at * (scale.length - 1))], 'grey').l);
    return Math.sign(light[1] - light[0]) !== Math.sign(light[2] - light[1]);
  });
  return turns ? '; it diverges: on a grey print both sides look alike, so say the signs in words' : '';
}
