import { expect, it } from 'vitest';
import { CLASSES, config, lastPoint, only, SPLITS, train } from '../../../testing/training/fake-run';
import { fakeSession } from '../../../testing/training/fake-session';
import type { EngineTrainingEvent } from './events';
import { HalfStep } from './half-step';
import { LastStep } from './last-step';
import { trainLoop } from './loop';

/** Trains with a copy now and then until the backend is lost after the step (epoch, step); what came before the error. */
async function trainUntilLost(epoch: number, step: number): Promise<EngineTrainingEvent[]> {
  const last = new LastStep();
  let milliseconds = 0;
  const now = (): number => (milliseconds += 1000);
  // As what watches a graphics context does: the event is not passed on, for what it tells may be wrong.
  async function* lost(): AsyncGenerator<EngineTrainingEvent, void> {
    const recipe = { epochs: 3, checkpointEveryEpochs: 9 };
    const options = { config: config(recipe), session: fakeSession(CLASSES, 3, null), splits: SPLITS, now };
    for await (const event of trainLoop({ ...options, keep: (weights) => last.keep(weights) })) {
      if (event.type === 'step' && event.epoch === epoch && event.step === step) throw new HalfStep('lost');
      yield event;
    }
  }
  const told: EngineTrainingEvent[] = [];
  await expect(
    (async () => {
      for await (const event of last.before(lost())) told.push(event);
    })(),
  ).rejects.toThrow('lost');
  return told;
}

it('a backend that is lost leaves the last whole step that was surely whole, and the run ends with the weights of an uninterrupted one', async () => {
  const whole = await train();
  const told = await trainUntilLost(1, 4);
  const [kept] = only(told, 'weights');
  expect(kept).toMatchObject({ epoch: 0, interim: true });
  expect(kept.step).toBeGreaterThan(0);
  expect(kept.step).toBeLessThan(4);
  expect((await train({ resume: lastPoint(told) })).weights).toEqual(whole.weights);
});

it('a copy after which the backend has told nothing is not handed out: it may have been read from what was lost', async () => {
  expect(only(await trainUntilLost(1, 2), 'weights')).toEqual([]);
});
