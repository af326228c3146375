// A page of samples with their labels, and how often each class occurs among the samples read so far.
import { useEffect, useState } from 'react';
import type { Sample, SampleSource } from '@shared/dataset/dataset';
import { attempt } from '../../state/notices';
import { Pixels } from '../../ui/Pixels';
import { classColour, classCounts, labelPixels, samplePixels } from './pixels';

const PAGE = 60;

export function SampleGrid({ source }: { readonly source: SampleSource }) {
  const [page, setPage] = useState(0);
  const samples = usePage(source, page);
  const pages = Math.ceil(source.count / PAGE);
  return (
    <div className="stack">
      <div className="row">
        <button type="button" className="button" disabled={page === 0} onClick={() => setPage(page - 1)}>
          Previous
        </button>
        <button type="button" className="button" disabled={page + 1 >= pages} onClick={() => setPage(page + 1)}>
          Next
        </button>
        <span className="faint">{`samples ${page * PAGE + 1} to ${Math.min(source.count, (page + 1) * PAGE)} of ${source.count}`}</span>
      </div>
      <ul className="samples" data-testid="samples">
        {samples.map((sample, index) => (
          <li key={page * PAGE + index}>
            <SamplePicture sample={sample} />
            <span>{typeof sample.label === 'number' ? (source.classes[sample.label] ?? `class ${sample.label}`) : ''}</span>
          </li>
        ))}
      </ul>
      {source.task === 'segmentation' ? <ClassColours source={source} /> : <ClassCounts source={source} />}
    </div>
  );
}

function usePage(source: SampleSource, page: number): readonly Sample[] {
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  useEffect(() => {
    let wanted = true;
    const first = page * PAGE;
    const indices = Array.from({ length: Math.min(PAGE, source.count - first) }, (_, i) => first + i);
    void attempt(async () => {
      const read = await source.read(indices);
      if (wanted) setSamples(read);
    });
    return () => {
      wanted = false;
    };
  }, [source, page]);
  return samples;
}

/** A sample; its class map stands beside it where every pixel has a class. */
function SamplePicture({ sample }: { readonly sample: Sample }) {
  const classes = labelPixels(sample);
  return (
    <span className="sample-pictures">
      <Pixels rgba={samplePixels(sample)} size={sample} />
      {classes && <Pixels rgba={classes} size={sample} />}
    </span>
  );
}

/** Which colour is which class, where every pixel has one. */
function ClassColours({ source }: { readonly source: SampleSource }) {
  return (
    <div className="row" data-testid="class-colours">
      {source.classes.map((name, index) => (
        <span key={name} className="row">
          <span className="run-colour" style={{ background: classColour(index) }} />
          {name}
        </span>
      ))}
    </div>
  );
}

const COUNTED = 600;

/** Class counts over the first samples, read in idle slices so that the window stays responsive. */
function ClassCounts({ source }: { readonly source: SampleSource }) {
  const [counts, setCounts] = useState<readonly number[]>([]);
  const total = Math.min(COUNTED, source.count);
  useEffect(() => {
    let wanted = true;
    void attempt(() => classCounts(source, total, (now) => wanted && (setCounts(now), true)));
    return () => {
      wanted = false;
    };
  }, [source, total]);
  const largest = Math.max(1, ...counts);
  return (
    <section aria-label="Class counts">
      <p className="faint">{`Classes among the first ${counts.reduce((sum, count) => sum + count, 0)} samples`}</p>
      <div className="class-counts" data-testid="class-counts">
        {source.classes.map((name, index) => (
          <div key={name} className="class-count">
            <span>{name}</span>
            <span className="class-bar" style={{ width: `${(60 * (counts[index] ?? 0)) / largest}%` }} />
            <span>{counts[index] ?? 0}</span>
          </div>
        ))}
      </div>
    </section>
  );
}
