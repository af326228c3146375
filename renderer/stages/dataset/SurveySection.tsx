// What a split holds on the whole: files that cannot be read, class counts, the mean picture.
import { largestOf } from '@shared/base/extremes';
import { useEffect, useState } from 'react';
import type { SampleSource } from '@shared/dataset/dataset';
import { attempt } from '../../studio/notices';
import { exact, percent } from '../../ui/format';
import { Pixels } from '../../ui/Pixels';
import { classColour } from '@shared/dataset/sample-pixels';
import { survey, type Survey } from './survey';

/** Samples looked at without being asked. */
const FIRST_LOOK = 600;
/** Classes listed, the most frequent first where there are more. */
const LISTED = 120;
const BROKEN_LISTED = 20;

/** A look through a split under way. */
export interface Look {
  readonly found: Survey | null;
  /** Samples to be looked at. */
  readonly total: number;
  readonly setTotal: (total: number) => void;
}

/** Looks at the first samples of a split, and at more where more are asked for. */
export function useSurvey(source: SampleSource): Look {
  const [total, setTotal] = useState(Math.min(FIRST_LOOK, source.count));
  const [found, setFound] = useState<Survey | null>(null);
  useEffect(() => {
    let wanted = true;
    void attempt(() => survey(source, total, (now) => wanted && (setFound(now), true)));
    return () => {
      wanted = false;
    };
  }, [source, total]);
  return { found, total, setTotal };
}

export function SurveySection({ source, look: { found, total, setTotal } }: { readonly source: SampleSource; readonly look: Look }) {
  if (found === null) return null;
  const looking = found.done < total;
  return (
    <section aria-label="Survey" className="stack" data-testid="survey">
      <div className="row">
        <span className="faint" role="status">{`Looked at ${exact(found.done)} of ${exact(source.count)} samples`}</span>
        {total < source.count && !looking && (
          <button type="button" className="button" data-testid="survey-all" onClick={() => setTotal(source.count)}>
            Look at all
          </button>
        )}
        {total === source.count && looking && (
          <button type="button" className="button" data-testid="survey-stop" onClick={() => setTotal(found.done)}>
            Stop
          </button>
        )}
      </div>
      <div className="survey-parts">
        {found.mean && (
          <figure className="mean-picture">
            <Pixels rgba={found.mean.rgba} size={found.mean.size} />
            <figcaption className="faint">mean picture</figcaption>
          </figure>
        )}
        <ClassCounts source={source} counts={found.counts} />
      </div>
    </section>
  );
}

/** Files that cannot be read, among the samples looked at. */
export function BrokenFiles({ look: { found } }: { readonly look: Look }) {
  const broken = found?.broken ?? [];
  if (broken.length === 0) return null;
  const more = broken.length - BROKEN_LISTED;
  return (
    <div className="says-error" role="alert" data-testid="broken-files">
      <p>{`${exact(broken.length)} cannot be read; a training that meets one stops there:`}</p>
      <ul>
        {broken.slice(0, BROKEN_LISTED).map(({ index, reason }) => (
          <li key={index}>{reason}</li>
        ))}
      </ul>
      {more > 0 && <p>{`and ${exact(more)} more`}</p>}
    </div>
  );
}

function ClassCounts({ source: { classes, task }, counts }: { readonly source: SampleSource; readonly counts: readonly number[] }) {
  const largest = largestOf(counts, 1);
  const sum = Math.max(
    1,
    counts.reduce((total, count) => total + count, 0),
  );
  const order = classes.map((_, index) => index);
  const listed = classes.length <= LISTED ? order : order.sort((a, b) => counts[b] - counts[a]).slice(0, LISTED);
  const perPixel = task === 'segmentation';
  return (
    <div className="stack">
      <div className="class-counts" data-testid="class-counts">
        {listed.map((index) => (
          <div key={index} className="class-count">
            <span>{classes[index]}</span>
            <span
              className="class-bar"
              style={{ width: `${(60 * counts[index]) / largest}%`, ...(perPixel && { background: classColour(index) }) }}
            />
            <span>{perPixel ? percent(counts[index] / sum) : exact(counts[index])}</span>
          </div>
        ))}
      </div>
      {listed.length < classes.length && <p className="faint">{`the ${LISTED} most frequent of ${exact(classes.length)} classes`}</p>}
      {perPixel && <p className="faint">shares of the pixels that count</p>}
    </div>
  );
}
