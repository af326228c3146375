// Trainings and ablations as jobs: what their events say of the whole. Invariant: a job ends when its training has, and never
// before its last checkpoint is on disk.
import type { AblationStatus } from '@shared/training/ablation';
import type { TrainingEvent } from '@shared/training/recipe/event';
import { fixed, percentText } from '@shared/base/number-text';
import type { JobList, RunningJob } from '@shared/link/jobs/job-list';
import type { Ablation } from '../training/ablation';
import type { Training } from '../training/training';

/** Lists a training until it ends; never rejects. */
export async function followTraining(jobs: JobList, training: Training): Promise<void> {
  const { name, epochs } = training;
  const control = (action: 'pause' | 'resume' | 'stop') => (): Promise<void> => training.control({ action });
  const job = jobs.begin(
    { kind: 'training', title: name, unit: 'steps', withoutWindow: 'goesOn', result: { kind: 'run', run: name }, atOnce: true },
    { pause: control('pause'), resume: control('resume'), cancel: control('stop') },
  );
  for await (const event of training.watch()) tell(job, event, epochs);
  job.end('stopped');
}

function tell(job: RunningJob, event: TrainingEvent, epochs: number): void {
  switch (event.type) {
    case 'step':
      return job.progress((event.epoch - 1) * event.stepsPerEpoch + event.step, epochs * event.stepsPerEpoch);
    case 'epoch':
      return job.say(epochText(event, epochs));
    case 'backend':
      // In a window it waits where there is none, and goes on from its last checkpoint.
      job.change({ withoutWindow: event.inWindow ? 'waits' : 'goesOn' });
      return job.say(event.reason);
    case 'state':
      return tellState(job, event);
    default:
      return undefined;
  }
}

function tellState(job: RunningJob, { state, message }: Extract<TrainingEvent, { type: 'state' }>): void {
  if (state === 'finished' || state === 'stopped' || state === 'failed') return job.end(state, message);
  if (state === 'paused') job.pause();
  else job.goOn();
  if (message !== '') job.say(message);
}

function epochText({ epoch, train, validation }: Extract<TrainingEvent, { type: 'epoch' }>, epochs: number): string {
  return `Epoch ${epoch} of ${epochs}: loss ${fixed(train.loss, 3)}, validation ${percentText(validation.metric)}`;
}

/** Lists an ablation that was begun until it ends. */
export async function followAblation(jobs: JobList, ablation: Pick<Ablation, 'watch' | 'stop'>): Promise<void> {
  let job: RunningJob | null = null;
  for await (const status of ablation.watch()) {
    if (status === null) return;
    job ??= jobs.begin(
      {
        kind: 'ablation',
        title: `${status.variants.length} variants`,
        unit: 'variants',
        withoutWindow: 'goesOn',
        result: { kind: 'stage', stage: 'training' },
        atOnce: true,
      },
      { cancel: () => ablation.stop() },
    );
    if (tellAblation(job, status)) return;
  }
  job?.end('stopped');
}

/** Whether it is over. */
function tellAblation(job: RunningJob, { variants, underWay, ended }: AblationStatus): boolean {
  const finished = variants.filter(({ state }) => state === 'finished').length;
  job.progress(finished, variants.length);
  const current = variants.find(({ state }) => state === 'training');
  if (underWay) {
    if (current) job.say(`Variant ${finished + 1} of ${variants.length}: ${current.model}`);
    return false;
  }
  const failed = variants.some(({ state }) => state === 'failed');
  job.end(finished === variants.length ? 'finished' : failed ? 'failed' : 'stopped', ended);
  return true;
}
