// A block's headline numbers as a table, with what random weights and a pure convolution would give.
import type { MatrixPattern } from '@shared/pattern/analyse';
import type { Locality } from '@shared/pattern/locality';
import type { AnalysedBlock } from '../pattern';
import { measured, percent } from '../../../ui/format';
import { NumberHeads } from '../../../ui/NumberHeads';

interface Line {
  readonly title: string;
  readonly before: string;
  readonly after: string;
  readonly random: string;
  readonly convolution: string;
}

/** The headline numbers with what random weights and a pure convolution would give. */
function linesOf({ before, after, baselines: { random, convolution, randomInvariantShare } }: AnalysedBlock): Line[] {
  const both = (title: string, text: (matrix: MatrixPattern) => string, baseline: readonly [string, string]): Line => ({
    title,
    before: text(before),
    after: text(after),
    random: baseline[0],
    convolution: convolution ? baseline[1] : '–',
  });
  const radius = (locality: Locality | null): string => (locality ? `${measured(locality.halfEnergyRadius)} px` : '–');
  const far = (locality: Locality | null): string => (locality ? percent(locality.longRangeShare) : '–');
  return [
    both('Translation-invariant share', (m) => percent(m.invariantShare), [percent(randomInvariantShare), percent(1)]),
    both('Position-specific share', (m) => percent(1 - m.invariantShare), [percent(1 - randomInvariantShare), percent(0)]),
    both('Half-energy radius', (m) => radius(m.locality), [radius(random), radius(convolution)]),
    both('Long-range share', (m) => far(m.locality), [far(random), far(convolution)]),
    both('Left-right symmetry, 1 = mirrored alike', (m) => measured(m.symmetry.leftRight), ['about 0', '–']),
    both('Up-down symmetry', (m) => measured(m.symmetry.upDown), ['about 0', '–']),
  ];
}

export function Numbers({ pattern }: { readonly pattern: AnalysedBlock }) {
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label="Headline numbers">
      <table className="runs shares" data-testid="pattern-numbers">
        <thead>
          <tr>
            <td />
            <NumberHeads titles={['before', 'after', 'random weights', 'pure convolution']} />
          </tr>
        </thead>
        <tbody>
          {linesOf(pattern).map(({ title, before, after, random, convolution }) => (
            <tr key={title}>
              <td>{title}</td>
              <td className="number">{before}</td>
              <td className="number">{after}</td>
              <td className="number faint">{random}</td>
              <td className="number faint">{convolution}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
