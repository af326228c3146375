// The four questions about a block: is it local, does it depend on place, where does it look, what kinds of rows has it.
import type { AnalysedBlock } from '../pattern';
import type { BlockDetail } from '../../../workers/analysis/protocol';
import { measured } from '../../../ui/format';
import { kindsAnswer, localAnswer, placeAnswer, whereAnswer } from '../question/answers';
import { Question } from '../question/Question';
import { ShareBars } from '../question/ShareBars';
import { ChannelPairMaps, RestVectors, RowKinds } from './DetailPictures';
import { Kernels } from './Kernels';
import { LocalityPlot } from './LocalityPlot';
import { DisplacementMaps, PositionMapsRow, type BothPositions } from './Maps';
import { Numbers } from './Numbers';
import { Overlay } from './Overlay';

/** A block, the group of it that is looked at closely (null: all), and what is known of that. */
export interface Looked {
  readonly pattern: AnalysedBlock;
  readonly group: number | null;
  /** First output channel of the group: its cells are those that pictures lead to. */
  readonly output: number;
  readonly positions: BothPositions | null;
  readonly detail: BlockDetail | null;
}

export function LocalQuestion({ pattern, group, output, detail }: Looked) {
  return (
    <Question
      name="local"
      title="Is it local?"
      answer={localAnswer(pattern)}
      says="Mean squared weight by the way from input to output pixel, relative to the mean over all. In the middle: no way at all. Darkest: none."
      picture={<DisplacementMaps pattern={pattern} output={output} />}
      more="Profile over distance, all numbers, channel by channel"
    >
      <LocalityPlot pattern={pattern} output={output} />
      <Numbers pattern={pattern} />
      {detail && <ChannelPairMaps pattern={pattern} detail={detail} group={group} />}
    </Question>
  );
}

export function PlaceQuestion({ pattern, group, output, detail }: Looked) {
  const { projectionDifference, largestMergedKernel } = pattern;
  return (
    <Question
      name="place"
      title="Does it depend on place?"
      answer={placeAnswer(pattern)}
      says="A convolution has the same weights at every place. The bars split the energy, the sum of squared weights, by that."
      picture={<ShareBars pattern={pattern} />}
      more="The part that is a convolution, and what no convolution does"
    >
      <Kernels pattern={pattern} output={output} />
      {Number.isFinite(projectionDifference) && (
        <p className="faint" data-testid="projection-line">
          {`The difference of the projections equals the merged kernel: max difference ${measured(projectionDifference)}, largest kernel value ${measured(largestMergedKernel)}.`}
        </p>
      )}
      {detail && <RestVectors pattern={pattern} detail={detail} group={group} />}
    </Question>
  );
}

export function WhereQuestion({ pattern, positions, group, output }: Looked) {
  return (
    <Question
      name="where"
      title="Where does it look?"
      answer={positions && whereAnswer(positions.after)}
      says="Energy by position, relative to its mean: 1 everywhere is no preference. Input is where it looks, output where it writes."
      picture={positions && <PositionMapsRow pattern={pattern} positions={positions} output={output} group={group} />}
      more="Laid on a picture"
    >
      {positions && <Overlay pattern={pattern} positions={positions} output={output} group={group} />}
    </Question>
  );
}

export function KindsQuestion({ pattern, detail, group }: Looked) {
  return (
    <Question
      name="kinds"
      title="What kinds of rows?"
      answer={detail && kindsAnswer(detail.after.kinds, pattern.shape.w)}
      says="Rows clustered by where they look: the share of a row's energy by input position, and how many rows are of the kind."
      picture={detail && <RowKinds pattern={pattern} detail={detail} group={group} />}
    />
  );
}
