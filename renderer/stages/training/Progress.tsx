// Where the training stands: epoch, step, loss, speed, time left, memory, and the learning rate that
// can be changed while it runs.
import { useState } from 'react';
import { useStore } from 'zustand';
import { attempt } from '../../studio/notices';
import { batchMetricName } from './metric';
import { runs } from '../../studio/runs';
import { connection } from '../../studio/studio';
import { controlTraining, isActive, training } from './training';
import type { RunCurves } from '../../studio/curve-series';
import { Reading } from '../../ui/controls';
import { asSentence, bytesText, duration, measured, percent } from '../../ui/format';
import { Panel } from '../../studio/Stage';

export function Progress() {
  const { run, state, message } = useStore(training);
  const curves = useStore(runs, (store) => (run ? store.curves.get(run) : undefined));
  const task = useStore(runs, (store) => store.list.find(({ name }) => name === run)?.config.spec.task);
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
          <Numbers last={curves.last} metric={batchMetricName(task ? [task] : [])} />
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

function Numbers({ last, metric }: { readonly last: NonNullable<RunCurves['last']>; readonly metric: string }) {
  return (
    <>
      <progress max={last.stepsPerEpoch} value={last.step} aria-label="Steps of this epoch" />
      <div className="figure-row">
        <Reading label="Epoch" value={last.epoch} testId="epoch" />
        <Reading label="Step" value={last.step} unit={`of ${last.stepsPerEpoch}`} testId="step" />
        <Reading label="Loss" value={measured(last.loss)} testId="loss" />
        <Reading label={`Batch ${metric}`} value={percent(last.metric)} testId="accuracy" />
        <Reading label="Speed" value={measured(last.imagesPerSecond)} unit="images/s" />
        <Reading label="Step time" value={known(1000 * last.secondsPerStep, measured)} unit="ms" />
        <Reading label="Time left" value={duration(last.secondsLeft)} />
        <Reading label="Memory" value={known(last.bytes, bytesText)} />
        <Reading label="Tensors alive" value={known(last.tensors, String)} />
        <Reading label="Learning rate" value={measured(last.learningRate)} />
      </div>
    </>
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
    <p className="faint" data-testid="page-note">
      A page of the studio computes this. If that page is reloaded or closed, the training goes back to its last checkpoint and goes on by
      itself as soon as a page of the studio is open.
    </p>
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
