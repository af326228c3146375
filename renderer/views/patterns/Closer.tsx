// Kinds of rows, and the leading singular vectors of the position-specific rest, as small pictures before and
// after the merge.
import type { MatrixDetail, RestVector, RowKind } from '@shared/pattern/detail';
import type { AnalysedBlock } from '../../state/patterns';
import { percent } from '../../ui/format';
import { HeatMap, ScaleBar } from '../../ui/HeatMap';
import { Panel } from '../../ui/Stage';
import type { BlockDetail } from '../../workers/protocol';
import { cellAt, showCell } from './link';
import { pictureOf } from './picture';

interface Props {
  readonly pattern: AnalysedBlock;
  readonly detail: BlockDetail;
}

const STAGES = ['before', 'after'] as const;

/** Rows sorted into a few kinds by where they look. */
export function RowKinds({ pattern, detail }: Props) {
  const range = [0, Math.max(...STAGES.flatMap((stage) => detail[stage].kinds.flatMap(({ map }) => map)))] as const;
  return (
    <Panel
      title="Kinds of rows"
      says="rows clustered by where they look; share of a row's energy by input position"
      tools={<ScaleBar range={range} scale="viridis" text={percent} />}
      testId="row-kinds"
    >
      <div className="stack">
        {STAGES.map((stage) => (
          <div key={stage} className="arrays">
            <span className="stage-name">{stage}</span>
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
    </Panel>
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
  const toRow = (a: number, b: number) => showCell(path, shape, { ...cellAt(shape, [0, 0, 0], [0, a, b]), row: kind.exampleRow });
  return (
    <HeatMap
      picture={pictureOf(kind.map, shape.h, shape.w)}
      range={range}
      scale="viridis"
      label={`Input positions of ${label}`}
      size={62}
      onCell={toRow}
    >
      <small>{percent(kind.size / total)}</small>
    </HeatMap>
  );
}

/** What a group does that no convolution does, in a few pictures; merging adds convolutions, so the rest stays as it is. */
export function RestVectors({ pattern, detail: { before, after }, group }: Props & { readonly group: number }) {
  const limit = Math.max(1e-9, ...after.restVectors.flatMap(({ input, output }) => [...input, ...output].map(Math.abs)));
  const range = [-limit, limit] as const;
  const name = pattern.layer.kind === 'repmlp' ? 'group' : 'share-set';
  return (
    <Panel
      title={`Leading singular vectors of the rest, ${name} ${group}`}
      says="looks for the left picture, answers with the right one; strongest channel of each"
      tools={<ScaleBar range={range} />}
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

/** How much each output channel of a group looks far in each input channel. */
export function ChannelPairMaps({ pattern: { path, shape, layer }, detail, group }: Props & { readonly group: number }) {
  const groups = layer.kind === 'repmlp' ? layer.groups : layer.shareSets;
  const outputs = shape.O / groups;
  const range = [0, 1] as const;
  return (
    <Panel
      title={`Long-range share by channel pair, ${layer.kind === 'repmlp' ? 'group' : 'share-set'} ${group}`}
      says="rows are output channels, columns input channels"
      tools={<ScaleBar range={range} scale="viridis" text={percent} />}
      testId="channel-pairs"
    >
      <div className="arrays">
        {STAGES.map((stage) => (
          <HeatMap
            key={stage}
            picture={pictureOf(detail[stage].pairs.longRangeShare, outputs, shape.channels)}
            range={range}
            scale="viridis"
            label={`Long-range share by channel pair, ${stage}`}
            size={160}
            onCell={(o, c) => showCell(path, shape, cellAt(shape, [group * outputs + o, 0, 0], [c, 0, 0]))}
          >
            {stage}
          </HeatMap>
        ))}
      </div>
    </Panel>
  );
}

interface VectorProps {
  readonly pattern: AnalysedBlock;
  readonly vector: RestVector;
  readonly range: readonly [number, number];
  readonly label: string;
}

function VectorPair({ pattern: { path, shape }, vector, range, label }: VectorProps) {
  const { outputChannel: o, inputChannel: c, energyShare, input, output } = vector;
  const map = (values: readonly number[], what: string, onCell: (y: number, x: number) => void) => (
    <HeatMap picture={pictureOf(values, shape.h, shape.w)} range={range} label={`${what} of ${label}`} size={88} onCell={onCell} />
  );
  return (
    <div className="vector-pair">
      <div className="row">
        {map(input, 'Input', (a, b) => showCell(path, shape, cellAt(shape, [o, 0, 0], [c, a, b])))}
        {map(output, 'Output', (i, j) => showCell(path, shape, cellAt(shape, [o, i, j], [c, 0, 0])))}
      </div>
      <small>{`${percent(energyShare)}; in ${c}, out ${o}`}</small>
    </div>
  );
}
