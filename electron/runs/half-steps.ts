// What to do when a step was only done in part (training/loop/half-step.ts): what the engine holds is of no use, the run goes
// on from its last checkpoint, says so, and ends with the weights of an uninterrupted one.
import type { ResumePoint } from '@shared/training/loop/events';
import { HalfStep } from '@shared/training/loop/half-step';
import { newestCheckpoint, placeInRun } from '@shared/run/checkpoints';
import type { RunRecord } from '@shared/run/run';
import type { RunWriter } from './writer';

/** So many half steps may come without a checkpoint in between before a run gives up. */
const MOST_HALF_STEPS = 3;

export class HalfSteps {
  private sinceCheckpoint = 0;

  /** To be called when a checkpoint is on disk. */
  checkpointKept(): void {
    this.sinceCheckpoint = 0;
  }

  /** Takes the run back to its last checkpoint after a half step, and says so; throws every other error, and one half step too many. */
  async rewind(writer: RunWriter, error: unknown): Promise<{ readonly point: ResumePoint | null; readonly message: string }> {
    if (!(error instanceof HalfStep) || ++this.sinceCheckpoint === MOST_HALF_STEPS) throw error;
    const point = await writer.rewind();
    return { point, message: `goes on ${placeText(writer.record)}: ${error.message}` };
  }
}

/** Where a run goes on after what it has on disk, in words. */
export function placeText(record: RunRecord): string {
  const last = newestCheckpoint(record);
  return last === undefined ? 'from its seeds, for there is no checkpoint yet' : `from ${placeInRun(last, record)}`;
}
