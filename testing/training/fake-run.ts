// Trainings of the fake session, for tests of the loop: what they start from, their events, their last weights.
import type { DatasetSplits } from '@shared/dataset/dataset';
import { openEmbedded } from '@shared/dataset/embedded/embedded';
import type { EngineTrainingEvent, ResumePoint } from '@shared/training/loop/events';
import type { NetworkSpec } from '@shared/model/spec';
import { seed } from '@shared/tensor/random';
import { TrainingControls } from '@shared/training/loop/control';
import { fakeSession } from './fake-session';
import { trainLoop } from '@shared/training/loop/loop';
import type { Recipe, TrainingConfig } from '@shared/training/recipe/recipe';
import { recipe } from '@shared/training/recipe/recipes';

export const CLASSES = 10;
/** What the fake session stands for: a linear classifier of the mean colour. */
export const SPEC: NetworkSpec = {
  format: 'repmlp-network',
  version: 1,
  name: 'colours',
  task: 'classification',
  form: 'train',
  input: { channels: 3, height: 32, width: 32 },
  layers: [
    { kind: 'adaptiveAveragePool', name: 'pool', bins: [1, 1] },
    { kind: 'flatten', name: 'flatten' },
    { kind: 'linear', name: 'fc', in: 3, out: CLASSES, bias: false },
  ],
};
export const SPLITS = openEmbedded({ kind: 'embedded', name: 'shapes', seed: seed(1), trainCount: 70, validationCount: 20 });

/** Three epochs of four steps. */
export function config(change: Partial<Recipe> = {}): TrainingConfig {
  return {
    spec: SPEC,
    dataset: { kind: 'embedded', name: 'shapes', seed: seed(1) },
    recipe: { ...recipe('shapes-short'), batchSize: 16, epochs: 3, ...change },
    seed: seed(7),
    backend: 'cpu',
  };
}

export interface Trained {
  readonly events: EngineTrainingEvent[];
  readonly weights: Float32Array;
}

export interface Attempt {
  readonly recipe?: Partial<Recipe>;
  readonly resume?: ResumePoint;
  readonly splits?: DatasetSplits;
  /** Called with every event; sends commands. */
  readonly react?: (event: EngineTrainingEvent, controls: TrainingControls) => void;
  readonly controls?: TrainingControls;
  /** Milliseconds that go by with every look at the clock. */
  readonly pace?: number;
}

/** Trains to the end, or until a command stops it. */
export async function train(attempt: Attempt = {}): Promise<Trained> {
  const { resume = null, controls = new TrainingControls(), splits = SPLITS } = attempt;
  const session = fakeSession(CLASSES, 3, resume);
  const events: EngineTrainingEvent[] = [];
  // A clock on which every step is slow, so that every step is read back and reported.
  let milliseconds = 0;
  const now = (): number => (milliseconds += attempt.pace ?? 1000);
  for await (const event of trainLoop({ config: config(attempt.recipe), session, splits, controls, resume, now })) {
    events.push(event);
    attempt.react?.(event, controls);
  }
  return { events, weights: (await session.weights()).get('weight')?.data as Float32Array };
}

export type EventOf<Type extends EngineTrainingEvent['type']> = Extract<EngineTrainingEvent, { type: Type }>;

/** The events of one type. */
export function only<Type extends EngineTrainingEvent['type']>(events: readonly EngineTrainingEvent[], type: Type): EventOf<Type>[] {
  return events.filter((event): event is EventOf<Type> => event.type === type);
}

/** What the last weights go on from. */
export function lastPoint(events: readonly EngineTrainingEvent[]): ResumePoint {
  const point = only(events, 'weights').at(-1)?.point;
  if (!point) throw new Error('no weights came');
  return point;
}
