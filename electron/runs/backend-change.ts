// A run that goes on on another backend than its checkpoint was computed on: backends sum in different orders, so
// the promise of the same weights holds on one backend only.
import type { EngineTrainingEvent } from '@shared/training/loop/events';
import type { RunRecord } from '@shared/run/run';

/** The event, with what the user should know of it if it takes a run with checkpoints to another backend. */
export function withBackendChange(event: EngineTrainingEvent, { backend, checkpoints }: RunRecord): EngineTrainingEvent {
  if (event.type !== 'backend' || event.backend === backend) return event;
  if (!checkpoints.some(({ form, stateFile }) => form === 'train' && stateFile !== null)) return event;
  return {
    ...event,
    change: `the run was computed on ${backend} up to its checkpoint and goes on on ${event.backend}: its weights may differ in the last bits from those of an uninterrupted run`,
  };
}
