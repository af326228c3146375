// A page of samples with their labels, and below it what the split holds on the whole.
import { SaveFigureButton } from '../../studio/SaveFigureButton';
import { useEffect, useState } from 'react';
import { z } from 'zod';
import type { Sample, SampleSource } from '@shared/dataset/dataset';
import type { SourceName } from '@shared/dataset/wire';
import { dataset } from './dataset';
import { useLook } from '../../studio/looks';
import { attempt } from '../../studio/notices';
import { Pixels } from '../../ui/Pixels';
import { labelName, labelPixels, SAMPLES_A_PAGE as PAGE, samplePixels } from '@shared/dataset/sample-pixels';
import { isBroken, readEach, type BrokenSample } from '@shared/dataset/read-each';
import { BrokenFiles, SurveySection, useSurvey } from './SurveySection';

const PAGE_LOOK = { stage: 'dataset', name: 'page', schema: z.number().int().nonnegative(), first: 0 as number } as const;

interface Props {
  readonly source: SampleSource;
  readonly split: SourceName;
  readonly about: string;
}

export function SampleGrid({ source, split, about }: Props) {
  const [kept, setPage] = useLook({ ...PAGE_LOOK, about });
  const page = Math.min(kept, Math.max(0, Math.ceil(source.count / PAGE) - 1));
  const samples = usePage(source, page);
  const look = useSurvey(source);
  const pages = Math.ceil(source.count / PAGE);
  return (
    <div className="stack">
      <BrokenFiles look={look} />
      <div className="row">
        <button type="button" className="button" disabled={page === 0} onClick={() => setPage(page - 1)}>
          Previous
        </button>
        <button type="button" className="button" disabled={page + 1 >= pages} onClick={() => setPage(page + 1)}>
          Next
        </button>
        <SaveFigure split={split} first={page * PAGE} count={Math.min(PAGE, source.count - page * PAGE)} />
        <span className="faint">{`samples ${page * PAGE + 1} to ${Math.min(source.count, (page + 1) * PAGE)} of ${source.count}`}</span>
      </div>
      <ul className="samples" data-testid="samples">
        {samples.map((sample, index) => (
          <li key={page * PAGE + index}>
            {isBroken(sample) ? (
              <span className="says-error" title={sample.reason}>
                broken: {sample.reason}
              </span>
            ) : (
              <>
                <SamplePicture sample={sample} />
                <span>{labelName(sample, source.classes)}</span>
              </>
            )}
          </li>
        ))}
      </ul>
      <SurveySection source={source} look={look} />
    </div>
  );
}

/** The samples in view as a figure. */
function SaveFigure({ split, first, count }: { readonly split: SourceName; readonly first: number; readonly count: number }) {
  return (
    <SaveFigureButton
      testId="figure-of-samples"
      what="these samples"
      asked={() => ({ kind: 'samples', change: { dataset: dataset.getState().reference, split, first, count } })}
    />
  );
}

function usePage(source: SampleSource, page: number): readonly (Sample | BrokenSample)[] {
  const [samples, setSamples] = useState<readonly (Sample | BrokenSample)[]>([]);
  useEffect(() => {
    let wanted = true;
    const first = page * PAGE;
    const indices = Array.from({ length: Math.min(PAGE, source.count - first) }, (_, i) => first + i);
    void attempt(async () => {
      const read = await readEach(source, indices);
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
