// A training whose every event is persisted before anybody hears of it: what the command line and the service both do.
import type { Engine } from '@shared/compute/engine';
import type { EngineTrainingEvent, ResumePoint } from '@shared/training/loop/events';
import { checkpointNames } from '@shared/run/checkpoints';
import type { TrainingEvent } from '@shared/training/recipe/event';
import { withBackendChange } from './backend-change';
import { CommandsInForce } from './commands-in-force';
import { HalfSteps, placeText } from './half-steps';
import type { RunWriter } from './writer';

/**
 * Trains into a run folder; `run` names the training for `engine.control`. Ends when the training does. After a step that
 * was only done in part it goes on from the last checkpoint, and says so; every other error is thrown and leaves the record
 * as it stands.
 */
export async function* trainIntoRun(
  engine: Pick<Engine, 'train'>,
  run: string,
  writer: RunWriter,
  resume: ResumePoint | null,
  commands = new CommandsInForce(),
): AsyncGenerator<TrainingEvent, void> {
  const halfSteps = new HalfSteps();
  const { config } = writer.record;
  async function kept(told: EngineTrainingEvent): Promise<TrainingEvent> {
    const event = withBackendChange(told, writer.record);
    await writer.accept(event);
    commands.saw(event);
    if (event.type === 'weights') halfSteps.checkpointKept();
    return announced(event);
  }
  for (let point: ResumePoint | null | undefined = resume; point !== undefined; ) {
    try {
      for await (const told of engine.train({ run, config, resume: point, first: commands.list() })) yield await kept(told);
      point = undefined;
    } catch (error) {
      const rewound = await halfSteps.rewind(writer, error);
      if (commands.isStopping) {
        yield await kept({ type: 'state', state: 'stopped', message: `stopped; resume it to go on ${placeText(writer.record)}` });
        return;
      }
      yield await kept({ type: 'state', state: commands.isPaused ? 'paused' : 'running', message: rewound.message, mended: true });
      point = rewound.point;
    }
  }
}

/** Writes into the record that a run ended with an error. */
export function markFailed(writer: RunWriter, error: unknown): Promise<void> {
  return writer.accept({ type: 'state', state: 'failed', message: error instanceof Error ? error.message : String(error) });
}

/** Weights are announced as the checkpoint they became. */
function announced(event: EngineTrainingEvent): TrainingEvent {
  if (event.type !== 'weights') return event;
  const [file] = checkpointNames(event);
  return { type: 'checkpoint', epoch: event.epoch, best: event.best, file };
}
