// The runs on this machine: sorted, filtered, shown in the plots by a tick, compared by their settings.
import { PathEntry } from '../../../ui/PathEntry';
import { useState } from 'react';
import { z } from 'zod';
import { useStore } from 'zustand';
import type { ListedRun } from '@shared/link/studio';
import type { CheckpointRecord, RunRecord } from '@shared/run/run';
import { newestCheckpoint } from '@shared/run/checkpoints';
import { bestMetric } from '@shared/run/run-cost';
import { goTo } from '../../../studio/navigation';
import { useLook } from '../../../studio/looks';
import { attempt } from '../../../studio/notices';
import { openRun, runs, toggleRun, type BackQuestion, type Runs } from '../../../studio/runs/runs';
import { isActive, resumeRun, training } from '../training';
import { chooseWeights } from '../../../studio/network/weights';
import { CommandButton } from '../../../studio/CommandButton';
import { trainingCommands } from '../commands';
import { percent } from '../../../ui/format';
import { Panel } from '../../../studio/Stage';
import { runColour } from './colours';
import { MoreEpochs } from './MoreEpochs';
import { recipeTitle } from '../recipe-fields';
import { RunDifference } from './RunDifference';
import { EditRun, RunEditor } from './RunEditor';
import { Against, RunName } from './RunCells';
import { RunGroups } from './RunGroups';
import { COLUMNS, filterRuns, runSort, sortRuns, type RunSort, type SortKey } from './run-table';

const FILTER = { stage: 'training', name: 'run-filter', schema: z.string(), first: '' } as const;
const NEWEST_FIRST: RunSort = { key: 'createdAt', descending: true };
const SORT = { stage: 'training', name: 'run-sort', schema: runSort, first: NEWEST_FIRST } as const;

export function RunList() {
  const { list, broken, loaded, shown } = useStore(runs);
  const [query, setQuery] = useLook(FILTER);
  const [extended, setExtended] = useState<string | null>(null);
  const [sort, setSort] = useLook(SORT);
  const longer = list.find(({ name }) => name === extended);
  const rows = sortRuns(filterRuns(list, query), sort.key, sort.descending);
  const tools = (
    <>
      <input
        type="search"
        placeholder="Filter"
        aria-label="Filter runs"
        value={query}
        data-testid="run-filter"
        onChange={(event) => setQuery(event.target.value)}
      />
      <CommandButton command={trainingCommands['refresh-runs']}>Read again</CommandButton>
    </>
  );
  return (
    <>
      <Panel title="Runs" says={`${rows.length} of ${list.length}`} tools={tools} bare testId="runs">
        {rows.length === 0 ? (
          <NoRuns loaded={loaded} hidden={list.length} />
        ) : (
          <RunTable rows={rows} shown={shown} sort={sort} onSort={setSort} onExtend={setExtended} />
        )}
        {broken.length > 0 && <BrokenRuns broken={broken} />}
        <TrainedElsewhere list={list} />
      </Panel>
      <RunEditor />
      {longer && <MoreEpochs key={longer.name} run={longer} onDone={() => setExtended(null)} />}
      <OpenRun />
      <RunGroups list={list} />
      <RunDifference shown={list.filter(({ name }) => shown.includes(name))} />
    </>
  );
}

/** `hidden` runs are there, but do not pass the filter. */
function NoRuns({ loaded, hidden }: { readonly loaded: boolean; readonly hidden: number }) {
  if (!loaded) return <p className="empty">Reading the run list needs the service.</p>;
  if (hidden > 0)
    return (
      <p className="empty">{`No run has these words in its name, network, recipe, backend, state, tags or note: ${hidden} hidden.`}</p>
    );
  return <p className="empty">No runs yet. A training started here or on the command line appears in this list.</p>;
}

/** Folders that look like runs and cannot be read are named, not passed over. */
function BrokenRuns({ broken }: Pick<Runs, 'broken'>) {
  return (
    <ul className="says-warning" data-testid="broken-runs">
      {broken.map(({ path, reason }) => (
        <li key={path}>{`Not listed: ${reason}`}</li>
      ))}
    </ul>
  );
}

/** Why a run cannot be gone on with from here: the buttons are off, and a title alone is not seen by everybody. */
function TrainedElsewhere({ list }: Pick<Runs, 'list'>) {
  const taken = list.filter(({ trainedBy }) => trainedBy !== null);
  if (taken.length === 0) return null;
  return (
    <ul className="says-warning" data-testid="trained-elsewhere">
      {taken.map(({ name, trainedBy }) => (
        <li key={name}>{`${name} is being trained by ${trainedBy}.`}</li>
      ))}
    </ul>
  );
}

interface TableProps {
  readonly rows: readonly ListedRun[];
  readonly shown: readonly string[];
  readonly sort: RunSort;
  readonly onSort: (sort: RunSort) => void;
  /** A finished run is to have more epochs. */
  readonly onExtend: (run: string) => void;
}

function RunTable({ rows, shown, sort, onSort, onExtend }: TableProps) {
  return (
    <div className="table-frame">
      <table className="runs">
        <RunHead sort={sort} onSort={(key) => onSort({ key, descending: sort.key === key ? !sort.descending : true })} />
        <tbody>
          {rows.map((run) => (
            <RunRow key={run.name} run={run} shown={shown} onExtend={onExtend} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface HeadProps {
  readonly sort: RunSort;
  readonly onSort: (key: SortKey) => void;
}

function RunHead({ sort, onSort }: HeadProps) {
  return (
    <thead>
      <tr>
        <td />
        <th>Weights</th>
        {COLUMNS.map(([key, title]) => (
          <th key={key} aria-sort={sort.key !== key ? 'none' : sort.descending ? 'descending' : 'ascending'}>
            <button type="button" onClick={() => onSort(key)}>
              {title}
              {sort.key === key && <span aria-hidden="true">{sort.descending ? ' ↓' : ' ↑'}</span>}
            </button>
          </th>
        ))}
      </tr>
    </thead>
  );
}

interface RowProps extends Pick<TableProps, 'shown' | 'onExtend'> {
  readonly run: ListedRun;
}

function RunRow({ run, shown, onExtend }: RowProps) {
  const isShown = shown.includes(run.name);
  const best = bestMetric(run);
  return (
    <tr aria-selected={isShown} data-testid={`run-${run.name}`}>
      <td>
        <label className="run-mark">
          <input
            type="checkbox"
            checked={isShown}
            aria-label={`Show ${run.name}`}
            onChange={() => void attempt(() => toggleRun(run.name))}
          />
          {isShown && <span className="run-colour" style={{ background: `var(${runColour(shown, run.name)})` }} />}
        </label>
      </td>
      <td>
        <RunActions run={run} onExtend={onExtend} />
      </td>
      <RunName run={run} />
      <td className="number">
        {best === null ? '–' : percent(best)}
        <Against run={run} />
      </td>
      <td>{run.config.spec.name}</td>
      <td>{recipeTitle(run.config.recipe)}</td>
      <td className="number">{run.config.seed}</td>
      <td>{backendText(run)}</td>
      <RunState run={run} />
      <td>{new Date(run.createdAt).toLocaleString(undefined, { dateStyle: 'short', timeStyle: 'short' })}</td>
    </tr>
  );
}

/** `wasm`, or `webgl, after epoch 2 wasm`: the backends a run was computed on, in turn. */
function backendText({ backend, backendChanges = [] }: RunRecord): string {
  if (backendChanges.length === 0) return backend;
  const place = (epoch: number, step: number): string => `after epoch ${epoch}${step > 0 ? ` and ${step} steps` : ''}`;
  return [backendChanges[0].from, ...backendChanges.map(({ epoch, step, to }) => `${place(epoch, step)} ${to}`)].join(', ');
}

/** What run.json says, unless nobody here trains a run that says it is under way. */
function RunState({ run }: { readonly run: ListedRun }) {
  const active = useStore(runs, (state) => state.active.includes(run.name));
  if (!active && run.trainedBy !== null)
    return (
      <td title={`By ${run.trainedBy}.`} data-testid={`trained-elsewhere-${run.name}`}>
        being trained by another program
      </td>
    );
  if (active || (run.state !== 'running' && run.state !== 'paused')) return <td>{run.state}</td>;
  return <td title="Its program was killed: resume it to go on from its last checkpoint">interrupted</td>;
}

function RunActions({ run, onExtend }: Omit<RowProps, 'shown'>) {
  useStore(training, (state) => state.state);
  const last = newestCheckpoint(run);
  const elsewhere = run.backend === 'pytorch';
  const taken = run.trainedBy === null ? null : `It is being trained by ${run.trainedBy}.`;
  const look = () => {
    if (!last) return;
    chooseWeights({ kind: 'run', run: run.name, checkpoint: last.file });
    goTo('merge');
  };
  return (
    <span className="row">
      <button type="button" className="button quiet" disabled={!last} data-testid={`merge-run-${run.name}`} onClick={look}>
        Merge
      </button>
      <EditRun run={run.name} />
      {elsewhere && <GoesOnElsewhere run={run.name} />}
      {!isActive() && !elsewhere && run.state !== 'finished' && <Resume run={run.name} last={last} taken={taken} />}
      {!isActive() && !elsewhere && run.state === 'finished' && (
        <button
          type="button"
          className="button quiet"
          disabled={taken !== null}
          title={taken ?? undefined}
          data-testid={`extend-run-${run.name}`}
          onClick={() => onExtend(run.name)}
        >
          More epochs
        </button>
      )}
    </span>
  );
}

/** What the service would refuse is not offered. */
function GoesOnElsewhere({ run }: { readonly run: string }) {
  return (
    <span
      className="faint"
      data-testid={`goes-on-elsewhere-${run}`}
      title="Trained with PyTorch and brought back: train.py with the same --output goes on with it, then bring it back again"
    >
      goes on in PyTorch
    </span>
  );
}

interface ResumeProps {
  readonly run: string;
  readonly last: CheckpointRecord | undefined;
  /** Why it cannot be gone on with now; null if it can. */
  readonly taken: string | null;
}

function Resume({ run, last, taken }: ResumeProps) {
  const title = last
    ? `Go on from the checkpoint after epoch ${last.epoch}`
    : 'It ended before its first checkpoint: starts again from its seeds';
  return (
    <button
      type="button"
      className="button quiet"
      disabled={taken !== null}
      data-testid={`resume-run-${run}`}
      title={taken ?? title}
      onClick={() => void attempt(() => resumeRun(run))}
    >
      {last ? 'Resume' : 'Start again'}
    </button>
  );
}

/** Runs made elsewhere, and what PyTorch trained, are opened by their folder. */
function OpenRun() {
  const [asked, setAsked] = useState<BackQuestion | null>(null);
  const open = (path: string, weights: 'ema' | 'raw' | null): void => void attempt(async () => setAsked(await openRun(path, weights)));
  return (
    <>
      <div className="row">
        <PathEntry
          label="A run folder, or the output of a PyTorch training, on the service's machine"
          size={48}
          testId="run-path"
          action="Open this run"
          actionTestId="open-run"
          take={(path) => open(path, null)}
        />
      </div>
      {asked && (
        <div className="row" role="group" aria-label="Which weights" data-testid="which-weights">
          <span>This training kept a moving average of its weights. Which is the run to hold?</span>
          <button type="button" className="button" onClick={() => open(asked.path, 'ema')}>
            The average (EMA)
          </button>
          <button type="button" className="button" onClick={() => open(asked.path, 'raw')}>
            The weights as trained
          </button>
        </div>
      )}
    </>
  );
}
