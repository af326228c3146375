// Kinds of rows, and the leading singular vectors of the position-specific rest, as small pictures before and
// after the merge.
import { largestOf } from '@shared/base/extremes';
import { useMemo } from 'react';
import type { ChannelPairs } from '@shared/pattern/channel-pairs';
import { groupsOf, type MatrixDetail, type RestVector, type RowKind } from '@shared/pattern/detail';
import type { AnalysedBlock } from '../pattern';
import { measured, percent } from '../../../ui/format';
import { HeatMap, placeAxes, ScaleBar, type Picture } from '../../../ui/HeatMap';
import { Panel } from '../../../studio/Stage';
import type { BlockDetail } from '../../../workers/analysis/protocol';
import { FigureButton } from '../FigureButton';
import { cellAt, showCell } from '../../matrix';
import { MAP_SIZE, pictureOf } from '../picture';

interface Props {
  readonly pattern: AnalysedBlock;
  readonly detail: BlockDetail;
  readonly group: number | null;
}

const STAGES = ['before', 'after'] as const;

/** Rows sorted into a few kinds by where they look. */
export function RowKinds({ pattern, detail, group }: Props) {
  const range = [0, largestOf(STAGES.flatMap((stage) => detail[stage].kinds.flatMap(({ map }) => map)))] as const;
  return (
    <div className="map-figure" data-testid="row-kinds">
      <div className="row">
        <ScaleBar range={range} scale="viridis" text={percent} />
        <FigureButton kind="row-kinds" change={{ group }} />
      </div>
      {STAGES.map((stage) => (
        <div key={stage} className="arrays maps" role="group" aria-label={stage}>
          {detail[stage].kinds.map((kind, index) => (
            <KindMap
              key={index}
              pattern={pattern}
              kind={kind}
              range={range}
              total={rowsOf(detail[stage])}
              label={`kind ${index + 1}, ${stage}`}
            />
          ))}
        </div>
      ))}
    </div>
  );
}

function rowsOf({ kinds }: MatrixDetail): number {
  return kinds.reduce((sum, { size }) => sum + size, 0);
}

interface KindProps {
  readonly pattern: AnalysedBlock;
  readonly kind: RowKind;
  readonly range: readonly [number, number];
  readonly total: number;
  readonly label: string;
}

function KindMap({ pattern: { path, shape }, kind, range, total, label }: KindProps) {
  const picture = useMemo(() => pictureOf(kind.map, shape.h, shape.w), [kind, shape]);
  const toRow = (a: number, b: number) => showCell(path, shape, { ...cellAt(shape, [0, 0, 0], [0, a, b]), row: kind.exampleRow });
  return (
    <HeatMap
      picture={picture}
      range={range}
      scale="viridis"
      label={`Input positions of ${label}`}
      size={MAP_SIZE}
      axes={placeAxes(shape.h, shape.w)}
      onCell={toRow}
    >
      {label}
      <small>{`${percent(kind.size / total)} of the rows`}</small>
    </HeatMap>
  );
}

/** What a group does that no convolution does, in a few pictures; merging adds convolutions, so the rest stays as it is. */
export function RestVectors({ pattern, detail: { before, after }, group: chosen }: Props) {
  const group = chosen ?? 0;
  const limit = largestOf(
    after.restVectors.flatMap(({ input, output }) => [...input, ...output].map(Math.abs)),
    1e-9,
  );
  const range = [-limit, limit] as const;
  const name = pattern.layer.kind === 'repmlp' ? 'group' : 'share-set';
  return (
    <Panel
      title={`Leading singular vectors of the rest, ${name} ${group}`}
      says="looks for the left picture, answers with the right one; strongest channel of each"
      tools={
        <>
          <ScaleBar range={range} />
          <FigureButton kind="rest-vectors" change={{ group }} />
        </>
      }
      testId="rest-vectors"
    >
      <div className="stack">
        <div className="arrays">
          {after.restVectors.map((vector, index) => (
            <VectorPair key={index} pattern={pattern} vector={vector} range={range} label={`vector ${index + 1}`} />
          ))}
        </div>
        <p className="faint">
          {`The rest is what no convolution gives: ${percent(before.restShare)} of the energy before, ${percent(after.restShare)} after. Merging leaves it as it is.`}
        </p>
      </div>
    </Panel>
  );
}

type PairMeasure = keyof ChannelPairs;

/** How each output channel of a group looks at each input channel: how much far away, and within which radius lies half. */
export function ChannelPairMaps({ pattern, detail, group: chosen }: Props) {
  const { shape, layer } = pattern;
  const group = chosen ?? 0;
  const farthest = Math.hypot(shape.h - 1, shape.w - 1);
  return (
    <Panel
      title={`Locality by channel pair, ${layer.kind === 'repmlp' ? 'group' : 'share-set'} ${group}`}
      says="rows are output channels, columns input channels; below: least / median / most"
      testId="channel-pairs"
    >
      <div className="stack">
        <PairMaps {...{ pattern, detail, group }} measure="longRangeShare" title="Long-range share" range={[0, 1]} text={percent} />
        <PairMaps
          {...{ pattern, detail, group }}
          measure="halfEnergyRadius"
          title="Half-energy radius, px"
          range={[0, farthest]}
          text={measured}
        />
      </div>
    </Panel>
  );
}

interface PairProps extends Props {
  readonly group: number;
  readonly measure: PairMeasure;
  readonly title: string;
  readonly range: readonly [number, number];
  readonly text: (value: number) => string;
}

function PairMaps({ pattern: { path, shape, layer }, detail, group, measure, title, range, text }: PairProps) {
  const outputs = shape.O / groupsOf(layer);
  const show = (o: number, c: number): void => showCell(path, shape, cellAt(shape, [group * outputs + o, 0, 0], [c, 0, 0]));
  return (
    <div className="stack">
      <div className="row">
        <span>{title}</span>
        <ScaleBar range={range} scale="viridis" text={text} />
      </div>
      <div className="arrays">
        {STAGES.map((stage) => (
          <HeatMap
            key={stage}
            picture={pictureOf(detail[stage].pairs[measure], outputs, shape.channels)}
            range={range}
            scale="viridis"
            label={`${title} by channel pair, ${stage}`}
            size={MAP_SIZE}
            axes={{
              down: { name: 'out', from: group * outputs, to: (group + 1) * outputs - 1 },
              across: { name: 'in', from: 0, to: shape.channels - 1 },
            }}
            onCell={show}
          >
            {`${stage}: ${rangeText(detail[stage].pairs[measure], text)}`}
          </HeatMap>
        ))}
      </div>
    </div>
  );
}

/** Smallest, middle and largest value of all pairs. */
function rangeText(values: readonly number[], text: (value: number) => string): string {
  const sorted = [...values].sort((a, b) => a - b);
  return [sorted[0], sorted[sorted.length >> 1], sorted[sorted.length - 1]].map(text).join(' / ');
}

interface VectorProps {
  readonly pattern: AnalysedBlock;
  readonly vector: RestVector;
  readonly range: readonly [number, number];
  readonly label: string;
}

function VectorPair({ pattern: { path, shape }, vector, range, label }: VectorProps) {
  const { outputChannel: o, inputChannel: c, energyShare, input, output } = vector;
  const pictures = useMemo(() => [input, output].map((values) => pictureOf(values, shape.h, shape.w)), [input, output, shape]);
  const map = (picture: Picture, what: string, onCell: (y: number, x: number) => void) => (
    <HeatMap
      picture={picture}
      range={range}
      label={`${what} of ${label}`}
      size={MAP_SIZE}
      axes={placeAxes(shape.h, shape.w)}
      onCell={onCell}
    />
  );
  return (
    <div className="vector-pair">
      <div className="row">
        {map(pictures[0], 'Input', (a, b) => showCell(path, shape, cellAt(shape, [o, 0, 0], [c, a, b])))}
        {map(pictures[1], 'Output', (i, j) => showCell(path, shape, cellAt(shape, [o, i, j], [c, 0, 0])))}
      </div>
      <small>{`${percent(energyShare)}; in ${c}, out ${o}`}</small>
    </div>
  );
}
