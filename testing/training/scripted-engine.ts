// For tests of the service: an engine that trains as the test says, and trainings that compute on such engines.
import type { Engine, TrainRequest } from '@shared/compute/engine';
import type { EngineTrainingEvent } from '@shared/training/loop/events';
import { buildModel } from '@shared/model/zoo';
import { seed } from '@shared/tensor/random';
import { floatTensor } from '@shared/tensor/tensor';
import type { TrainingConfig, TrainingControl } from '@shared/training/recipe/recipe';
import { recipe } from '@shared/training/recipe/recipes';
import { engineOf } from '../compute/engine-of';
import { Broadcast } from '../../electron/app/broadcast';
import { datasetsHere } from '../../electron/app/dataset/datasets-here';
import { WindowLost, type PlacedEngine } from '../../electron/app/engines';
import type { RunFolders } from '../../electron/runs/run-folders';
import { Trainings } from '../../electron/app/training/trainings';

/** What the runs of these tests start from: five epochs with a cosine schedule. */
export const testConfig: TrainingConfig = {
  spec: buildModel('pure-mlp-small', {}),
  dataset: { kind: 'embedded', name: 'shapes', seed: seed(1) },
  recipe: recipe('shapes-short'),
  seed: seed(1),
  backend: 'cpu',
};

const weights = new Map([['w', floatTensor([1], Float32Array.of(3))]]);

/** The event that makes a checkpoint, of one weight `w` = 3. */
export function weightsAt(epoch: number, step = 0, best = false): EngineTrainingEvent {
  return { type: 'weights', epoch, step, best, point: { epoch, weights, state: weights } };
}

/** Trains once, as the test says. */
export class ScriptedEngine {
  readonly events = new Broadcast<EngineTrainingEvent>({ keepUnheard: true });
  readonly controls: TrainingControl[] = [];
  readonly requests: TrainRequest[] = [];
  failure: Error | null = null;

  async *train(request: TrainRequest): AsyncGenerator<EngineTrainingEvent> {
    this.requests.push(request);
    yield* this.events.subscribe();
    if (this.failure !== null) throw this.failure;
  }

  control(_run: string, control: TrainingControl): Promise<void> {
    this.controls.push(control);
    if ('action' in control && control.action === 'stop') this.stop();
    return Promise.resolve();
  }

  /** Ends stopped, with a checkpoint amid the first epoch. */
  stop(): void {
    this.end(weightsAt(0, 2), 'stopped');
  }

  /** Ends finished, with a checkpoint after the last epoch. */
  finish(): void {
    this.end(weightsAt(testConfig.recipe.epochs), 'finished');
  }

  /** The window that computes is gone. */
  lose(): void {
    this.failure = new WindowLost('the window that computed was closed or reloaded');
    this.events.end();
  }

  private end(checkpoint: EngineTrainingEvent, state: 'stopped' | 'finished'): void {
    this.events.send(checkpoint);
    this.events.send({ type: 'state', state, message: '' });
    this.events.end();
  }
}

/** What of an engine a training uses. */
type Trainer = Pick<Engine, 'train'> & Partial<Pick<Engine, 'control'>>;

export function placed(trainer: Trainer): PlacedEngine {
  const engine = engineOf({
    train: (request) => trainer.train(request),
    control: async (run, control) => trainer.control?.(run, control),
  });
  return { engine, place: 'computed in a test', inWindow: true };
}

/** Trainings of a service whose engines `current` gives; `next` those after a lost window. */
export function trainingsOn(
  runs: RunFolders,
  current: () => Trainer,
  next: () => Promise<PlacedEngine> = () => new Promise(() => undefined),
  onBegin?: ConstructorParameters<typeof Trainings>[3],
): Trainings {
  return new Trainings(runs, { current: () => Promise.resolve(placed(current())), next }, datasetsHere, onBegin);
}
