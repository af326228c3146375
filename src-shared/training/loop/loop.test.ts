import { describe, expect, it } from 'vitest';
import type { Sample, SampleSource } from '../../dataset/dataset';
import { openEmbedded } from '../../dataset/embedded/embedded';
import type { EngineTrainingEvent, ResumePoint } from './events';
import { HalfStep } from './half-step';
import type { TrainingSession } from './session';
import type { NetworkSpec } from '../../model/spec';
import { seed } from '../../tensor/random';
import { TrainingControls } from './control';
import { CLASSES, SPEC, SPLITS, config, lastPoint, only, train } from '../../../testing/training/fake-run';
import { fakeSession } from '../../../testing/training/fake-session';
import { trainLoop } from './loop';
import { POSITION_NAME } from './position';
import type { Recipe, TrainingConfig } from '../recipe/recipe';

describe('an uninterrupted run', () => {
  it('starts, reports every epoch with validation, and finishes', async () => {
    const { events } = await train();
    expect(only(events, 'state').map(({ state }) => state)).toEqual(['running', 'finished']);
    expect(only(events, 'epoch').map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    expect(only(events, 'step').at(-1)).toMatchObject({ epoch: 3, step: 4, stepsPerEpoch: 4, tensors: 2, secondsLeft: 0 });
  });

  it('learns what a softmax regression can learn of colours', async () => {
    const losses = only((await train({ recipe: { epochs: 20 } })).events, 'epoch').map(({ train: { loss } }) => loss);
    expect(losses.at(-1)).toBeLessThan(losses[0]);
  });

  it('ends with the same weights every time, and with others under another seed', async () => {
    const first = await train();
    expect((await train()).weights).toEqual(first.weights);
    const session = fakeSession(CLASSES, 3, null);
    for await (const event of trainLoop({ config: { ...config(), seed: seed(8) }, session, splits: SPLITS })) void event;
    expect((await session.weights()).get('weight')?.data).not.toEqual(first.weights);
  });

  it('hands out weights every n epochs, at the last one, and whenever validation is best', async () => {
    const { events } = await train({ recipe: { epochs: 5, checkpointEveryEpochs: 2 } });
    const best = only(events, 'epoch').reduce((most, { validation }) => Math.max(most, validation.metric), 0);
    const handed = only(events, 'weights');
    expect(handed.map(({ epoch }) => epoch)).toEqual(expect.arrayContaining([1, 2, 4, 5]));
    const bestEpoch = only(events, 'epoch').find(({ validation }) => validation.metric === best)?.epoch;
    expect(handed.filter((event) => event.best).at(-1)?.epoch).toBe(bestEpoch);
  });
});

describe('a run that was killed', () => {
  it('goes on from the end of any epoch to the very same weights', async () => {
    const whole = await train();
    for (const { point } of only(whole.events, 'weights')) {
      expect((await train({ resume: point })).weights).toEqual(whole.weights);
    }
  });
});

describe('a run whose backend or data fail', () => {
  const failingAt = (failing: number, error: Error): TrainingSession => {
    const session = fakeSession(CLASSES, 3, null);
    let steps = 0;
    return {
      ...session,
      step: (...batch) => {
        if (++steps === failing) throw error;
        return session.step(...batch);
      },
    };
  };
  const eventsUntil = async (error: Error): Promise<EngineTrainingEvent[]> => {
    const events: EngineTrainingEvent[] = [];
    const training = (async () => {
      for await (const event of trainLoop({ config: config(), session: failingAt(7, error), splits: SPLITS })) events.push(event);
    })();
    await expect(training).rejects.toBe(error);
    return events;
  };

  it('first hands out the weights after its last whole step, and goes on from them to the very same weights', async () => {
    const events = await eventsUntil(new Error('no memory'));
    expect(events.at(-1)).toMatchObject({ type: 'weights', epoch: 1, step: 2, interim: true });
    expect((await train({ resume: lastPoint(events) })).weights).toEqual((await train()).weights);
  });

  it('hands out nothing after a step that was only done in part', async () => {
    const handed = only(await eventsUntil(new HalfStep('no memory')), 'weights');
    expect(handed.map(({ epoch, step }) => [epoch, step])).toEqual([[1, 0]]);
  });
});

describe('an epoch that takes long', () => {
  it('hands out weights amid it, every five minutes, from which the run goes on to the very same weights', async () => {
    const whole = await train();
    // A minute for each look at the clock.
    const slow = await train({ pace: 60_000 });
    const interim = only(slow.events, 'weights').filter((event) => event.interim);
    expect(interim.length).toBeGreaterThan(1);
    for (const { step, point } of interim) {
      expect(step).toBeGreaterThan(0);
      expect((await train({ resume: point })).weights).toEqual(whole.weights);
    }
  });
});

describe('what goes wrong', () => {
  it('ends as failed, without weights, when the loss is not a number', async () => {
    const broken: TrainingSession = {
      ...fakeSession(CLASSES, 3, null),
      step: () => ({ read: () => Promise.resolve({ loss: NaN, metric: 0 }) }),
    };
    const events: EngineTrainingEvent[] = [];
    for await (const event of trainLoop({ config: config(), session: broken, splits: SPLITS })) events.push(event);
    expect(events.at(-1)).toMatchObject({ type: 'state', state: 'failed', message: expect.stringContaining('lower the learning rate') });
    expect(only(events, 'weights')).toEqual([]);
  });

  it('hands out no weights of a run that is stopped after its loss was no number and before that was read', async () => {
    const controls = new TrainingControls();
    const sound = fakeSession(CLASSES, 3, null);
    let steps = 0;
    const step: TrainingSession['step'] = (...asked) => {
      if (++steps < 6) return sound.step(...asked);
      controls.send({ action: 'stop' });
      return { read: () => Promise.resolve({ loss: NaN, metric: 0 }) };
    };
    const events: EngineTrainingEvent[] = [];
    // A clock that stands still: every step seems quick, and results are read many at a time.
    const options = { config: config({ checkpointEveryEpochs: 9 }), session: { ...sound, step }, splits: SPLITS, controls, now: () => 1 };
    for await (const event of trainLoop(options)) events.push(event);
    expect(events.at(-1)).toMatchObject({ type: 'state', state: 'failed' });
    expect(only(events, 'weights').every(({ epoch, step }) => epoch <= 1 && step === 0)).toBe(true);
  });

  it('throws what a data source throws', async () => {
    const train30: SampleSource = {
      ...SPLITS.train,
      read: (indices): Promise<Sample[]> =>
        Array.from(indices).includes(30) ? Promise.reject(new Error('broken.png is not an image')) : SPLITS.train.read(indices),
    };
    await expect(train({ splits: { ...SPLITS, train: train30 } })).rejects.toThrow('broken.png is not an image');
  });
});

it('the position travels among the state tensors beside the session state', async () => {
  const point = lastPoint((await train()).events);
  expect([...point.state.keys()]).toEqual(['moment', POSITION_NAME]);
});

describe('a stop condition', () => {
  /** Epochs a run of at most 12 took, its last words, and whether its last weights are those of its last epoch. */
  async function ended(stopWhen: Recipe['stopWhen'], resume?: ResumePoint) {
    const { events } = await train({ recipe: { epochs: 12, checkpointEveryEpochs: 100, stopWhen }, resume });
    const epochs = only(events, 'epoch');
    return { epochs, saved: only(events, 'weights').at(-1)?.epoch, end: only(events, 'state').at(-1), events };
  }

  it('ends a run as finished once the validation metric has reached the target, its weights handed out', async () => {
    const { epochs, saved, end } = await ended({ metric: 0.001, patience: null });
    const reached = epochs.findIndex(({ validation }) => validation.metric >= 0.001);
    expect(epochs).toHaveLength(reached + 1);
    expect(saved).toBe(epochs.length);
    expect(end).toMatchObject({ state: 'finished', message: expect.stringContaining('has reached 0.001') });
  });

  it('ends a run whose validation metric has not become better for as many epochs as given', async () => {
    const { epochs, end, saved } = await ended({ metric: null, patience: 2 });
    const metrics = epochs.map(({ validation }) => validation.metric);
    expect(metrics.length - 1 - metrics.indexOf(Math.max(...metrics))).toBe(2);
    expect(saved).toBe(epochs.length);
    expect(end).toMatchObject({ state: 'finished', message: expect.stringContaining('not become better for 2 epochs') });
  });

  it('trains no further when a run that has met it is resumed', async () => {
    const first = await ended({ metric: 0.001, patience: null });
    expect((await ended({ metric: 0.001, patience: null }, lastPoint(first.events))).epochs).toEqual([]);
  });
});

describe('faces with pairs', () => {
  // The fake session embeds a picture as its mean colour.
  const splits = openEmbedded({ kind: 'embedded', name: 'faces', seed: seed(1), trainCount: 32, validationCount: 8 });
  const people = splits.train.classes.length;
  const classifier = { kind: 'cosineLinear', name: 'identities', in: 3, out: people } as const;
  const input = { channels: 3, height: 48, width: 48 };
  const spec: NetworkSpec = { ...SPEC, task: 'face', input, layers: [...SPEC.layers.slice(0, 2), classifier] };

  async function epochsOf(change: Partial<TrainingSession> = {}): Promise<EngineTrainingEvent[]> {
    const session: TrainingSession = { ...fakeSession(people, 3, null), ...change };
    const asked: TrainingConfig = { ...config({ loss: 'amSoftmax', margin: { scale: 30, margin: 0.35 } }), spec };
    const events: EngineTrainingEvent[] = [];
    for await (const event of trainLoop({ config: asked, session, splits })) events.push(event);
    return events;
  }

  it('are verified after every epoch on the embedding, above chance by their colours alone', async () => {
    const verified = only(await epochsOf(), 'epoch').map(({ validation }) => validation.verification);
    expect(verified).toHaveLength(3);
    for (const accuracy of verified) expect(accuracy).toBeGreaterThan(0.5);
  });

  it('have their best epoch by verification, not by the identities of the training people', async () => {
    // In every epoch but the second all pictures look alike.
    let calls = 0;
    const perEpoch = Math.ceil((splits.verification?.images.count ?? 0) / 16);
    const embed: TrainingSession['embed'] = (images, shape) => {
      const epoch = Math.floor(calls++ / perEpoch) + 1;
      return epoch === 2 ? fakeSession(people, 3, null).embed(images, shape) : Promise.resolve(new Float32Array(shape[0] * 3).fill(1));
    };
    const events = await epochsOf({ embed });
    expect(
      only(events, 'weights')
        .filter(({ best }) => best)
        .at(-1)?.epoch,
    ).toBe(2);
  });
});
