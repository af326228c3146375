// Where the training stands: epoch, step, loss, speed, time left, memory, and the learning rate that
// can be changed while it runs.
import { useState } from 'react';
import { useStore } from 'zustand';
import { attempt } from '../../studio/notices';
import { batchMetricName } from '@shared/run/metric-names';
import { runs } from '../../studio/runs/runs';
import { connection } from '../../studio/studio';
import { controlTraining, isActive, training } from './training';
import type { RunCurves } from '../../studio/runs/curve-series';
import { Reading, Why } from '../../ui/controls';
import { asSentence, bytesText, duration, measured, percent } from '../../ui/format';
import { Panel } from '../../studio/Stage';

export function Progress() {
  const { run, state, message } = useStore(training);
  const curves = useStore(runs, (store) => (run ? store.curves.get(run) : undefined));
  const config = useStore(runs, (store) => store.list.find(({ name }) => name === run)?.config);
  useStore(runs, (store) => store.version);
  if (!run) return null;
  return (
    <Panel
      title={run}
      says={message}
      tools={
        <span className="tag" data-testid="training-state">
          {state ?? 'starting'}
        </span>
      }
      testId="progress"
    >
      <div className="stack">
        {curves?.last ? (
          <Numbers last={curves.last} metric={batchMetricName(config ? [config.spec.task] : [])} epochs={config?.recipe.epochs ?? null} />
        ) : (
          <p className="faint">Waiting for the first step. Compiling kernels can take a while.</p>
        )}
        {isActive() && <LearningRate />}
        <ChangeNote />
        {isActive() && <PageNote />}
      </div>
    </Panel>
  );
}

interface NumbersProps {
  readonly last: NonNullable<RunCurves['last']>;
  readonly metric: string;
  /** Of the whole run; null until its record is read. */
  readonly epochs: number | null;
}

/** How far it is and how well it does, large; what it costs, in a line below. */
function Numbers({ last, metric, epochs }: NumbersProps) {
  const all = epochs === null ? null : epochs * last.stepsPerEpoch;
  const done = epochs === null ? last.step : (last.epoch - 1) * last.stepsPerEpoch + last.step;
  return (
    <>
      <progress max={all ?? last.stepsPerEpoch} value={done} aria-label={epochs === null ? 'Steps of this epoch' : 'Steps of all epochs'} />
      <div className="figure-row">
        <Reading label="Epoch" value={last.epoch} unit={epochs === null ? undefined : `of ${epochs}`} testId="epoch" />
        <Reading label={`Batch ${metric}`} value={percent(last.metric)} testId="accuracy" />
        <Reading label="Loss" value={measured(last.loss)} testId="loss" />
        {isActive() && <Reading label="Time left" value={duration(last.secondsLeft)} />}
      </div>
      <dl className="small-readings">
        <SmallReading label="Step" value={`${last.step} of ${last.stepsPerEpoch}`} testId="step" />
        <SmallReading label="Speed" value={`${measured(last.imagesPerSecond)} images/s`} />
        <SmallReading label="Step time" value={known(1000 * last.secondsPerStep, (value) => `${measured(value)} ms`)} />
        <SmallReading label="Learning rate" value={measured(last.learningRate)} />
        <SmallReading label="Memory" value={known(last.bytes, bytesText)} />
        <SmallReading label="Tensors alive" value={known(last.tensors, String)} />
      </dl>
    </>
  );
}

function SmallReading({ label, value, testId }: { readonly label: string; readonly value: string; readonly testId?: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd data-testid={testId}>{value}</dd>
    </div>
  );
}

/** A run of an earlier version did not store everything. */
function known(value: number, format: (value: number) => string): string {
  return Number.isNaN(value) ? '–' : format(value);
}

/** What it means that the run went on on another backend. */
function ChangeNote() {
  const change = useStore(training, (state) => state.backend?.change ?? '');
  if (change === '') return null;
  return (
    <p className="says-warning" data-testid="backend-change">
      {asSentence(change)}
    </p>
  );
}

/** In a browser, what becomes of a training that the page computes when the page goes. */
function PageNote() {
  const inWindow = useStore(training, (state) => state.backend?.inWindow ?? false);
  const inBrowser = useStore(connection, (state) => state.info?.host === 'browser');
  if (!inWindow || !inBrowser) return null;
  return (
    <Why
      says="A page of the studio computes this: leave one open."
      why="If that page is reloaded or closed, the training goes back to its last checkpoint and goes on by itself as soon as a page of the studio is open."
      testId="page-note"
    />
  );
}

function LearningRate() {
  const [text, setText] = useState('');
  const value = Number(text);
  const valid = text !== '' && value > 0;
  const refused = text !== '' && !valid;
  const send = () => valid && void attempt(() => controlTraining({ action: 'learningRate', value }));
  return (
    <div className="row">
      <label htmlFor="live-rate" className="faint">
        Change the learning rate now
      </label>
      <input
        id="live-rate"
        type="number"
        step="any"
        min="0"
        value={text}
        aria-describedby="live-rate-says"
        data-testid="live-rate"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && send()}
      />
      <button type="button" className="button" disabled={!valid} data-testid="set-rate" onClick={send}>
        Apply
      </button>
      <span id="live-rate-says" className={refused ? 'is-wrong' : 'faint'}>
        {refused ? 'a number above 0' : 'holds from the next step on; the schedule goes on in proportion'}
      </span>
    </div>
  );
}
