// A training whose every event is persisted before anybody hears of it.
import type { Engine } from '@shared/compute/engine';
import type { EngineTrainingEvent, ResumePoint } from '@shared/training/loop/events';
import type { TrainingControl, TrainingEvent } from '@shared/training/recipe/recipe';
import { withBackendChange } from './backend-change';
import { HalfSteps } from './half-steps';
import type { RunWriter } from './writer';

/** Trains into a run folder; `run` names the training for `engine.control`; `first` holds from its first step on. Ends when the training does; errors mark the run as failed. */
export async function* trainIntoRun(
  engine: Engine,
  run: string,
  writer: RunWriter,
  resume: ResumePoint | null,
  first: readonly TrainingControl[] = [],
): AsyncGenerator<TrainingEvent, void> {
  const halfSteps = new HalfSteps();
  const { config } = writer.record;
  let controls = first;
  try {
    for (let point: ResumePoint | null | undefined = resume; point !== undefined; ) {
      try {
        for await (const told of engine.train({ run, config, resume: point, first: controls })) {
          const event = withBackendChange(told, writer.record);
          await writer.accept(event);
          if (event.type === 'weights') {
            halfSteps.checkpointKept();
            // A checkpoint knows what was asked for before it.
            controls = [];
          }
          yield announced(event, writer);
        }
        point = undefined;
      } catch (error) {
        const rewound = await halfSteps.rewind(writer, error);
        yield { type: 'state', state: 'running', message: rewound.message, mended: true };
        point = rewound.point;
      }
    }
  } catch (error) {
    await writer.accept({ type: 'state', state: 'failed', message: (error as Error).message });
    throw error;
  }
}

/** Weights are announced as the checkpoint they became. */
function announced(event: EngineTrainingEvent, writer: RunWriter): TrainingEvent {
  if (event.type !== 'weights') return event;
  const { epoch, best } = event;
  return { type: 'checkpoint', epoch, best, file: writer.record.checkpoints[writer.record.checkpoints.length - 1].file };
}
