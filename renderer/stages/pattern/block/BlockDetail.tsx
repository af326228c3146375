// One block: what the merge did to its pattern, its locality profile, where it looks and writes, what kinds
// of rows it has and what no convolution could do in it.
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { MatrixPattern } from '@shared/pattern/analyse';
import { groupsOf } from '@shared/pattern/detail';
import type { Locality } from '@shared/pattern/locality';
import { closer, lookCloser, stopLooking } from '../detail';
import { attempt } from '../../../studio/notices';
import { matricesKey, type AnalysedBlock } from '../pattern';
import { weights } from '../../../studio/weights';
import { measured, percent } from '../../../ui/format';
import { OneByOne } from '../../../ui/OneByOne';
import { Panel } from '../../../studio/Stage';
import { NumberHeads } from '../../../ui/NumberHeads';
import { ChannelPairMaps, RestVectors, RowKinds } from './Closer';
import { Kernels } from './Kernels';
import { cellAt, showCell } from '../../matrix';
import { LocalityPlot } from './LocalityPlot';
import { DisplacementMaps, PositionMapsPanel } from './Maps';
import { Overlay } from './Overlay';

export function BlockDetail({ pattern }: { readonly pattern: AnalysedBlock }) {
  const [group, setGroup] = useState<number | null>(null);
  const reference = useStore(weights, (state) => state.reference);
  const { key, busy, detail } = useStore(closer);
  useEffect(() => {
    void attempt(() => lookCloser(reference, pattern.path, group));
  }, [reference, pattern.path, group]);
  const own = key === `${matricesKey(reference, pattern.path)} ${group}` ? detail : null;
  const first = firstOutput(pattern, group);
  const positions = group === null ? { before: pattern.before.positions, after: pattern.after.positions } : own && positionsOf(own);
  return (
    <OneByOne>
      <BlockPanel pattern={pattern} />
      <LocalityPlot pattern={pattern} output={first} />
      <DisplacementMaps pattern={pattern} output={first} />
      <Kernels pattern={pattern} output={first} />
      <GroupBar pattern={pattern} group={group} onGroup={setGroup} busy={busy} />
      <div className="columns halves">
        <OneByOne>
          {positions && <PositionMapsPanel pattern={pattern} positions={positions} output={first} group={group} />}
          {positions && <Overlay pattern={pattern} positions={positions} output={first} group={group} />}
          {own && <RowKinds pattern={pattern} detail={own} group={group} />}
          {own && <RestVectors pattern={pattern} detail={own} group={group} />}
          {own && <ChannelPairMaps pattern={pattern} detail={own} group={group} />}
        </OneByOne>
      </div>
    </OneByOne>
  );
}

function positionsOf({ before, after }: NonNullable<ReturnType<typeof closer.getState>['detail']>) {
  return { before: before.positions, after: after.positions };
}

function firstOutput(pattern: AnalysedBlock, group: number | null): number {
  return (group ?? 0) * (pattern.shape.O / groupsOf(pattern.layer));
}

interface GroupProps {
  readonly pattern: AnalysedBlock;
  readonly group: number | null;
  readonly onGroup: (group: number | null) => void;
  readonly busy: boolean;
}

/** Chooses all groups together or one of them, for everything below it. */
function GroupBar({ pattern, group, onGroup, busy }: GroupProps) {
  const name = pattern.layer.kind === 'repmlp' ? 'group' : 'share-set';
  const count = groupsOf(pattern.layer);
  return (
    <div className="row" role="group" aria-label={`Choice of ${name}`}>
      <label className="row">
        {`A closer look at ${name}`}
        <select
          value={group ?? ''}
          data-testid="pattern-group"
          onChange={(event) => onGroup(event.target.value === '' ? null : Number(event.target.value))}
        >
          <option value="">{`all ${count} together`}</option>
          {Array.from({ length: count }, (_, g) => (
            <option key={g}>{g}</option>
          ))}
        </select>
      </label>
      {busy && (
        <>
          <span className="faint" role="status">
            Looking for kinds of rows and singular vectors.
          </span>
          <button type="button" className="button" data-testid="stop-looking" onClick={stopLooking}>
            Stop
          </button>
        </>
      )}
    </div>
  );
}

function BlockPanel({ pattern }: { readonly pattern: AnalysedBlock }) {
  const tools = (
    <button
      type="button"
      className="button"
      data-testid="pattern-to-matrices"
      onClick={() => showCell(pattern.path, pattern.shape, cellAt(pattern.shape, [0, 0, 0], [0, 0, 0]))}
    >
      Show in matrices
    </button>
  );
  return (
    <Panel title={pattern.path || 'the whole network'} says={sizeText(pattern)} tools={tools} testId="pattern-block">
      <div className="stack">
        <Shares pattern={pattern} />
        {Number.isFinite(pattern.projectionDifference) ? (
          <p className="faint" data-testid="projection-line">
            {`The difference of the projections equals the merged kernel: max difference ${measured(pattern.projectionDifference)}, largest kernel value ${measured(pattern.largestMergedKernel)}.`}
          </p>
        ) : (
          <p className="says-error" data-testid="pattern-broken">
            This block has weights that are NaN or infinite, so its energy is no number. The matrices count and mark them.
          </p>
        )}
      </div>
    </Panel>
  );
}

interface Line {
  readonly title: string;
  readonly before: string;
  readonly after: string;
  readonly random: string;
  readonly convolution: string;
  readonly testId?: string;
}

/** The headline numbers with what random weights and a pure convolution would give. */
function linesOf({ before, after, baselines: { random, convolution, randomInvariantShare } }: AnalysedBlock): Line[] {
  const both = (title: string, text: (matrix: MatrixPattern) => string, baseline: readonly [string, string], testId?: string): Line => ({
    title,
    before: text(before),
    after: text(after),
    random: baseline[0],
    convolution: convolution ? baseline[1] : '–',
    testId,
  });
  const radius = (locality: Locality | null): string => (locality ? `${measured(locality.halfEnergyRadius)} px` : '–');
  const far = (locality: Locality | null): string => (locality ? percent(locality.longRangeShare) : '–');
  return [
    both('Translation-invariant share', (m) => percent(m.invariantShare), [percent(randomInvariantShare), percent(1)], 'invariant'),
    both('Position-specific share', (m) => percent(1 - m.invariantShare), [percent(1 - randomInvariantShare), percent(0)]),
    both('Half-energy radius', (m) => radius(m.locality), [radius(random), radius(convolution)]),
    both('Long-range share', (m) => far(m.locality), [far(random), far(convolution)]),
    both('Left-right symmetry, 1 = mirrored alike', (m) => measured(m.symmetry.leftRight), ['about 0', '–']),
    both('Up-down symmetry', (m) => measured(m.symmetry.upDown), ['about 0', '–']),
  ];
}

function Shares({ pattern }: { readonly pattern: AnalysedBlock }) {
  return (
    <table className="runs shares">
      <thead>
        <tr>
          <th />
          <NumberHeads titles={['before', 'after', 'random weights', 'pure convolution']} />
        </tr>
      </thead>
      <tbody>
        {linesOf(pattern).map(({ title, before, after, random, convolution, testId }) => (
          <tr key={title}>
            <td>{title}</td>
            <td className="number" data-testid={testId && `${testId}-before`}>
              {before}
            </td>
            <td className="number" data-testid={testId && `${testId}-after`}>
              {after}
            </td>
            <td className="number faint">{random}</td>
            <td className="number faint">{convolution}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function sizeText({ shape: { O, channels, h, w }, largestKernel }: AnalysedBlock): string {
  const window = largestKernel > 0 ? `, largest kernel ${largestKernel}×${largestKernel}` : ', no conv branches';
  return `${O} × ${h} × ${w} outputs, ${channels} × ${h} × ${w} inputs each${window}`;
}
