// The list of long jobs, opened from the status line: progress over the whole job, rate, time left, what can be done to it, what it
// said, and where its result is seen.
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { isUnderWay, JOB_NAMES, shareDone, type Job, type JobAction } from '@shared/link/jobs/job';
import { printable } from '@shared/base/printable';
import { duration, percent, short } from '../../ui/format';
import { Icon } from '../../studio/icons';
import { allJobs, controlJob, forgetJob, jobs, showJobs } from '../../studio/jobs/jobs';
import { goTo, STAGE_TEXT, type Stage } from '../../studio/navigation';
import { attempt } from '../../studio/notices';
import { showRun } from '../../studio/runs/runs';
import { SaySoSwitch } from './SaySoSwitch';
import './jobs.css';

export function JobsPanel() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="jobs-panel" aria-label="Jobs" data-testid="jobs-panel" onClose={() => showJobs(false)}>
      <JobsList />
    </dialog>
  );
}

function JobsList() {
  const list = allJobs(useStore(jobs));
  return (
    <>
      <header>
        <h2>Jobs</h2>
        <div className="row push">
          <button
            type="button"
            className="button quiet"
            data-testid="jobs-clear"
            disabled={list.every(isUnderWay)}
            onClick={() => void attempt(() => forgetJob(null))}
          >
            Put away what has ended
          </button>
          <button type="button" className="button quiet" aria-label="Close the list of jobs" onClick={() => showJobs(false)}>
            <Icon name="close" size={14} />
          </button>
        </div>
      </header>
      {list.length === 0 && <p className="empty">Nothing is under way. Trainings, merges, evaluations and downloads stand here.</p>}
      <ul>
        {list.map((job) => (
          <JobItem key={job.id} job={job} />
        ))}
      </ul>
      <SaySoSwitch />
    </>
  );
}

const ACTION_TEXT: Readonly<Record<JobAction, string>> = { pause: 'Pause', resume: 'Go on', cancel: 'Stop' };
const WITHOUT_WINDOW: Readonly<Record<Job['withoutWindow'], string>> = {
  goesOn: 'Goes on when this window is closed.',
  waits: 'Computed in a window: without one it waits, and goes on from its last checkpoint.',
  ends: 'Ends with this window.',
};

function JobItem({ job }: { readonly job: Job }) {
  const name = `${JOB_NAMES[job.kind]}: ${printable(job.title)}`;
  const share = shareDone(job);
  return (
    <li className={`job ${job.state}`} data-testid="job" data-state={job.state} data-kind={job.kind}>
      <div className="row">
        <strong>
          {`${JOB_NAMES[job.kind]}: `}
          <bdi>{printable(job.title)}</bdi>
        </strong>
        <div className="row push">
          {job.actions.map((action) => (
            <button
              key={action}
              type="button"
              className="button"
              data-testid={`job-${action}`}
              aria-label={`${ACTION_TEXT[action]}: ${name}`}
              onClick={() => void attempt(() => controlJob(job, action))}
            >
              {ACTION_TEXT[action]}
            </button>
          ))}
          {!isUnderWay(job) && <Ended job={job} name={name} />}
        </div>
      </div>
      {isUnderWay(job) && (share === null ? <progress aria-label={name} /> : <progress aria-label={name} value={share} max={1} />)}
      <p className="mono" data-testid="job-progress">
        {progressText(job)}
      </p>
      {job.message !== '' && <p className={job.state === 'failed' ? 'says-error' : 'faint'}>{printable(job.message)}</p>}
      {isUnderWay(job) && <p className="faint">{WITHOUT_WINDOW[job.withoutWindow]}</p>}
      {job.log.length > 0 && <JobLog job={job} />}
    </li>
  );
}

/** What there is to do with a job that has ended. */
function Ended({ job, name }: { readonly job: Job; readonly name: string }) {
  const { result } = job;
  return (
    <>
      {result && job.state === 'finished' && (
        <button type="button" className="button" data-testid="job-result" aria-label={`Show: ${name}`} onClick={() => showResult(result)}>
          Show
        </button>
      )}
      <button type="button" className="button quiet" aria-label={`Put away: ${name}`} onClick={() => void attempt(() => forgetJob(job))}>
        <Icon name="close" size={14} />
      </button>
    </>
  );
}

function showResult(result: NonNullable<Job['result']>): void {
  showJobs(false);
  if (result.kind === 'run') {
    showRun(result.run);
    goTo('training');
  } else if (result.stage in STAGE_TEXT) goTo(result.stage as Stage);
}

/** How far a job is: `150 of 400 steps (37.5 %), 5 steps/s, 50 s left`. */
export function progressText(job: Job): string {
  const { done, total, unit, rate, secondsLeft, state, startedAt, endedAt } = job;
  if (endedAt !== null) return `${STATE_TEXT[state]} after ${duration(Math.max(0, endedAt - startedAt) / 1000)}`;
  const share = shareDone(job);
  const parts = [
    state === 'paused' ? 'Paused' : '',
    done === null
      ? ''
      : `${short(Math.floor(done))}${total === null ? '' : ` of ${short(total)}`} ${unit}${share === null ? '' : ` (${percent(share)})`}`,
    rate === null || rate < 0.05 ? '' : `${short(Number(rate.toPrecision(3)))} ${unit}/s`,
    secondsLeft === null ? '' : `${duration(secondsLeft)} left`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'Under way' : parts.join(', ');
}

const STATE_TEXT = { running: 'Under way', paused: 'Paused', finished: 'Finished', stopped: 'Stopped', failed: 'Failed' } as const;

function JobLog({ job: { log, dropped } }: { readonly job: Job }) {
  return (
    <details className="job-log">
      <summary>{`Log, ${log.length + dropped} lines`}</summary>
      <ol>
        {dropped > 0 && <li className="faint">{`${dropped} earlier lines are not kept.`}</li>}
        {log.map(({ at, text }, line) => (
          <li key={dropped + line}>
            <time>{new Date(at).toLocaleTimeString()}</time> {printable(text)}
          </li>
        ))}
      </ol>
    </details>
  );
}
