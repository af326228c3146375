// How much of the energy is the same at every place and how much depends on it, as bars of one length: before and after the
// merge, with what random weights and a pure convolution would give.
import { percent } from '../../../ui/format';
import type { AnalysedBlock } from '../pattern';

interface Bar {
  readonly label: string;
  /** Share of the translation-invariant part. */
  readonly share: number;
  readonly testId?: string;
}

export function ShareBars({ pattern: { before, after, baselines } }: { readonly pattern: AnalysedBlock }) {
  const bars: Bar[] = [
    { label: 'before the merge', share: before.invariantShare, testId: 'invariant-before' },
    { label: 'after the merge', share: after.invariantShare, testId: 'invariant-after' },
    { label: 'random weights', share: baselines.randomInvariantShare },
    ...(baselines.convolution ? [{ label: 'a pure convolution', share: 1 }] : []),
  ];
  return (
    <figure className="share-bars">
      {bars.map(({ label, share, testId }) => (
        <div key={label} className="share-bar">
          <span>{label}</span>
          <span className="share-track" aria-hidden="true">
            <span className="share-same" style={{ width: Number.isFinite(share) ? `${100 * share}%` : 0 }} />
          </span>
          <span className="number" data-testid={testId}>
            {percent(share)}
          </span>
        </div>
      ))}
      <figcaption>
        <span>
          <i className="share-same" /> the same at every place
        </span>
        <span>
          <i className="share-other" /> depends on the place
        </span>
      </figcaption>
    </figure>
  );
}
