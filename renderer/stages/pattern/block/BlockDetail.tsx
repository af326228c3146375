// One block: its name and size, and the four questions that are asked of it, each answered by a picture.
import { useEffect } from 'react';
import { z } from 'zod';
import { useStore } from 'zustand';
import { groupsOf } from '@shared/pattern/detail';
import { shownDetail, loadDetail, stopDetail } from '../detail';
import { useLook } from '../../../studio/looks';
import { attempt } from '../../../studio/notices';
import { matricesKey, type AnalysedBlock } from '../pattern';
import { weights } from '../../../studio/network/weights';
import { OneByOne } from '../../../ui/OneByOne';
import { cellAt, showCell } from '../../matrix';
import { KindsQuestion, LocalQuestion, PlaceQuestion, WhereQuestion, type Looked } from './questions';

/** The group that is looked at closely; null for all together. */
const GROUP = { stage: 'pattern', name: 'group', schema: z.number().nullable(), first: null } as const;

export function BlockDetail({ pattern }: { readonly pattern: AnalysedBlock }) {
  const reference = useStore(weights, (state) => state.reference);
  const [chosen, setGroup] = useLook({ ...GROUP, about: matricesKey(reference, pattern.path) });
  const group = chosen !== null && chosen < groupsOf(pattern.layer) ? chosen : null;
  const { key, busy, detail } = useStore(shownDetail);
  useEffect(() => {
    void attempt(() => loadDetail(reference, pattern.path, group));
  }, [reference, pattern.path, group]);
  const own = key === `${matricesKey(reference, pattern.path)} ${group}` ? detail : null;
  const positions = group === null ? { before: pattern.before.positions, after: pattern.after.positions } : own && positionsOf(own);
  const looked: Looked = { pattern, group, output: firstOutput(pattern, group), positions, detail: own };
  return (
    <OneByOne>
      <BlockHead pattern={pattern} group={group} onGroup={setGroup} busy={busy} />
      <div className="questions">
        <OneByOne>
          <LocalQuestion {...looked} />
          <PlaceQuestion {...looked} />
          <WhereQuestion {...looked} />
          <KindsQuestion {...looked} />
        </OneByOne>
      </div>
    </OneByOne>
  );
}

function positionsOf({ before, after }: NonNullable<ReturnType<typeof shownDetail.getState>['detail']>) {
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

/** Chooses all groups together or one of them, for where it looks and what kinds of rows it has. */
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
          <button type="button" className="button" data-testid="stop-looking" onClick={stopDetail}>
            Stop
          </button>
        </>
      )}
    </div>
  );
}

/** What is looked at, and the group of it that is looked at closely. */
function BlockHead(props: GroupProps) {
  const { pattern } = props;
  const { path, shape } = pattern;
  return (
    <div className="row block-head" data-testid="pattern-block">
      <h2>{path || 'the whole network'}</h2>
      <span className="faint">{sizeText(pattern)}</span>
      <div className="row push">
        <GroupBar {...props} />
        <button
          type="button"
          className="button"
          data-testid="pattern-to-matrices"
          onClick={() => showCell(path, shape, cellAt(shape, [0, 0, 0], [0, 0, 0]))}
        >
          Show in matrices
        </button>
      </div>
      {!Number.isFinite(pattern.projectionDifference) && (
        <p className="says-error wide-row" data-testid="pattern-broken">
          This block has weights that are NaN or infinite, so its energy is no number. The matrices count and mark them.
        </p>
      )}
    </div>
  );
}

function sizeText({ shape: { O, channels, h, w }, largestKernel }: AnalysedBlock): string {
  const window = largestKernel > 0 ? `, largest kernel ${largestKernel}×${largestKernel}` : ', no conv branches';
  return `${O} × ${h} × ${w} outputs, ${channels} × ${h} × ${w} inputs each${window}`;
}
