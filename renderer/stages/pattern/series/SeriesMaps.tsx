// Any measure of a block for several weights, one row of pictures each, all on one scale; a place leads to the
// same block and cell of those weights in the matrices.
import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import type { WeightsReference } from '@shared/link/studio';
import type { ColourScaleName } from '@shared/colour/scales';
import type { PatternRecipe } from '@shared/figure/registry';
import { closeSeries, detailKey, kernelKey, lookAtAll, stopSeries, type CloseChoice } from './close-series';
import { attempt } from '../../../studio/notices';
import { pairKernel, shownDetail } from '../detail';
import type { AnalysedBlock } from '../pattern';
import { chooseWeights } from '../../../studio/network/weights';
import { Choice } from '../../../ui/controls';
import { measured, percent } from '../../../ui/format';
import { HeatMap, ScaleBar, type Range } from '../../../ui/HeatMap';
import { FigureButton } from '../FigureButton';
import type { MatrixCell } from '@shared/matrix/geometry';
import { showCell } from '../../matrix';
import { finiteRange } from '../picture';
import { FIGURE_OF, seriesPictures, WHATS, type SeriesPicture, type What } from './series-pictures';

/** A block of some weights, analysed. */
export interface SeriesSubject {
  readonly label: string;
  readonly reference: WeightsReference;
  readonly pattern: AnalysedBlock;
}

interface Props {
  readonly subjects: readonly SeriesSubject[];
  readonly what: What;
  readonly onWhat: (what: What) => void;
  /** Whose figure it is: the other network, or the run. */
  readonly figure: Pick<PatternRecipe, 'source'> & Partial<Pick<PatternRecipe, 'against' | 'epochs'>>;
  readonly size: number;
}

export function SeriesMaps({ subjects, what, onWhat, figure, size }: Props) {
  const choice = useChoice();
  const { details, kernels, busy } = useStore(closeSeries);
  useEffect(() => {
    const needed = what === 'kernel' ? 'kernels' : what === 'kinds' || what === 'vectors' ? 'details' : null;
    const blocks = subjects.map(({ reference, pattern }) => ({ reference, block: pattern.path }));
    if (needed) void attempt(() => lookAtAll(blocks, needed, choice));
  }, [subjects, what, choice]);
  const rows = useMemo(
    () =>
      subjects.map((subject) => {
        const place = { reference: subject.reference, block: subject.pattern.path };
        const close = { detail: details.get(detailKey(place, choice)), kernel: kernels.get(kernelKey(place, choice)) };
        return { subject, pictures: seriesPictures(what, { pattern: subject.pattern, ...close, ...choice }) };
      }),
    [subjects, what, details, kernels, choice],
  );
  const look = lookOf(
    what,
    rows.flatMap(({ pictures }) => pictures),
  );
  return (
    <div className="stack">
      <div className="row">
        <Choice label="Pictures, after the merge" value={what} options={WHATS} onChange={onWhat} testId="series-what" />
        <ScaleBar range={look.range} scale={look.scale} text={look.text} />
        <FigureButton kind={FIGURE_OF[what]} change={{ ...figure, ...figureChoice(what, choice) }} />
        {busy && <Busy />}
      </div>
      <div className="arrays">
        {rows.map(({ subject, pictures }) => (
          <SubjectMaps key={subject.label} subject={subject} pictures={pictures} look={look} size={size} />
        ))}
      </div>
    </div>
  );
}

function Busy() {
  return (
    <>
      <span className="faint" role="status">
        Looking closer.
      </span>
      <button type="button" className="button" onClick={stopSeries}>
        Stop
      </button>
    </>
  );
}

/** The group and channels chosen above. */
function useChoice(): CloseChoice {
  const group = useStore(shownDetail, (state) => state.group);
  const outputChannel = useStore(pairKernel, (state) => state.outputChannel);
  const inputChannel = useStore(pairKernel, (state) => state.inputChannel);
  return useMemo(() => ({ group, outputChannel, inputChannel }), [group, outputChannel, inputChannel]);
}

function figureChoice(what: What, { group, outputChannel, inputChannel }: CloseChoice) {
  if (what === 'displacement') return {};
  if (what === 'kernel') return { outputChannel, inputChannel };
  return { group: what === 'vectors' ? (group ?? 0) : what === 'kinds' ? group : null };
}

interface Look {
  readonly range: Range;
  /** Signed values have the scale of the theme. */
  readonly scale?: ColourScaleName;
  readonly text: (value: number) => string;
}

function lookOf(what: What, pictures: readonly SeriesPicture[]): Look {
  const [low, high] = finiteRange(pictures.map(({ picture }) => picture));
  if (what === 'displacement') return { range: [low, high], scale: 'viridis', text: (power) => measured(10 ** power) };
  const limit = Math.max(-low, high, 1e-12);
  if (what === 'kernel' || what === 'vectors') return { range: [-limit, limit], text: measured };
  return { range: [0, limit], scale: 'viridis', text: what === 'kinds' ? percent : measured };
}

interface SubjectProps {
  readonly subject: SeriesSubject;
  readonly pictures: readonly SeriesPicture[];
  readonly look: Look;
  readonly size: number;
}

function SubjectMaps({ subject: { label, reference, pattern }, pictures, look, size }: SubjectProps) {
  const show = (cell: MatrixCell): void => {
    chooseWeights(reference);
    showCell(pattern.path, pattern.shape, cell);
  };
  return (
    <div className="stack subject" role="group" aria-label={label}>
      <span className="row">
        {label}
        <button
          type="button"
          className="button quiet"
          title="Bring these weights into focus"
          onClick={() => chooseWeights(reference, pattern.path)}
        >
          Focus
        </button>
      </span>
      <div className="row">
        {pictures.map(({ picture, caption, cell }, index) => (
          <HeatMap
            key={index}
            picture={picture}
            range={look.range}
            scale={look.scale}
            label={`Picture ${index + 1} of ${label}`}
            size={pictures.length > 1 ? 62 : size}
            onCell={(y, x) => show(cell(y, x))}
          >
            {caption && <small>{caption}</small>}
          </HeatMap>
        ))}
      </div>
    </div>
  );
}
