import { describe, expect, it } from 'vitest';
import type { SampleSource } from '../../dataset/dataset';
import { TrainingControls } from './control';
import { type Attempt, SPLITS, type Trained, lastPoint, only, train } from '../../../testing/training/fake-run';
import { recipe } from '../recipe/recipes';

describe('a run that was stopped', () => {
  it('hands out its weights within the epoch and goes on to the very same weights and metrics', async () => {
    const whole = await train();
    const cut = await train({
      react: (event, controls) => event.type === 'step' && event.epoch === 2 && controls.send({ action: 'stop' }),
    });
    expect(only(cut.events, 'weights').at(-1)).toMatchObject({ epoch: 1, step: 1, best: false });
    expect(only(cut.events, 'state').at(-1)?.state).toBe('stopped');
    const rest = await train({ resume: lastPoint(cut.events) });
    expect(rest.weights).toEqual(whole.weights);
    expect(only(rest.events, 'epoch').map(({ train: metrics }) => metrics)).toEqual(
      only(whole.events, 'epoch')
        .slice(1)
        .map(({ train: metrics }) => metrics),
    );
  });

  it('hands out its weights even where the rule would not have asked for them', async () => {
    const cut = await train({
      recipe: { epochs: 9, checkpointEveryEpochs: 9 },
      react: (event, controls) => event.type === 'epoch' && event.epoch === 4 && controls.send({ action: 'stop' }),
    });
    expect(only(cut.events, 'weights').at(-1)).toMatchObject({ epoch: 4, step: 0 });
  });

  it('is not kept waiting by a validation, goes on to the very same epoch, and makes none of its steps again', async () => {
    const whole = await train();
    // Twenty samples are validated in batches of 16, the first of which is asked for in the middle of the run's second epoch.
    let validated = 0;
    const controls = new TrainingControls();
    const validation: SampleSource = {
      ...SPLITS.validation,
      read: (indices) => {
        if (indices[0] === 0 && ++validated === 2) controls.send({ action: 'stop' });
        return SPLITS.validation.read(indices);
      },
    };
    const cut = await train({ splits: { ...SPLITS, validation }, controls });
    expect(only(cut.events, 'epoch').map(({ epoch }) => epoch)).toEqual([1]);
    expect(only(cut.events, 'weights').at(-1)).toMatchObject({ epoch: 1, step: 4, best: false });
    expect(only(cut.events, 'state').at(-1)).toMatchObject({ state: 'stopped', message: 'stopped in epoch 2 after step 4 of 4' });
    const rest = await train({ resume: lastPoint(cut.events) });
    const epochs = ({ events }: Trained) => only(events, 'epoch').map((epoch) => ({ ...epoch, seconds: 0 }));
    expect(rest.weights).toEqual(whole.weights);
    expect(epochs(rest)).toEqual(epochs(whole).slice(1));
    expect(only(rest.events, 'step').map(({ epoch }) => epoch)).toEqual([3, 3, 3, 3]);
  });

  it('is not kept waiting by a pause', async () => {
    const { events } = await train({
      react: (event, controls) => {
        if (event.type === 'step') controls.send({ action: 'pause' });
        if (event.type === 'state' && event.state === 'paused') setTimeout(() => controls.send({ action: 'stop' }), 1);
      },
    });
    expect(only(events, 'state').map(({ state }) => state)).toEqual(['running', 'paused', 'stopped']);
  });
});

describe('control', () => {
  it('makes exactly one step, then exactly the rest of an epoch, then goes on', async () => {
    const seen: string[] = [];
    const { events } = await train({
      react: (event, controls) => {
        if (event.type === 'step' && event.epoch === 1 && event.step === 1) controls.send({ action: 'pause' });
        if (event.type !== 'state' || event.state !== 'paused') return;
        seen.push(event.message);
        controls.send({ action: (['step', 'epoch', 'resume'] as const)[seen.length - 1] });
      },
    });
    expect(seen).toEqual([
      'paused in epoch 1 after step 1 of 4',
      'paused in epoch 1 after step 2 of 4',
      'paused in epoch 2 after step 0 of 4',
    ]);
    expect(only(events, 'state').at(-1)?.state).toBe('finished');
  });

  it('changes the learning rate on the fly, keeps the schedule shape, and remembers it over a resume', async () => {
    const change = { schedule: { ...recipe('shapes-short').schedule, kind: 'constant', base: 0.1 } } as const;
    const react: Attempt['react'] = (event, controls) =>
      event.type === 'epoch' && event.epoch === 1 && controls.send({ action: 'learningRate', value: 0.02 });
    const whole = await train({ recipe: change, react });
    expect(only(whole.events, 'epoch').map(({ learningRate }) => learningRate)).toEqual([0.1, 0.02, 0.02]);
    const second = only(whole.events, 'weights').find(({ epoch }) => epoch === 2)?.point;
    expect((await train({ recipe: change, resume: second })).weights).toEqual(whole.weights);
  });
});

describe('a learning rate asked for amid the warm-up', () => {
  // Four steps an epoch: the warm-up's rates are 0, 0.025, 0.05, 0.075 of a base of 0.1.
  const change = { schedule: { ...recipe('shapes-short').schedule, kind: 'constant', base: 0.1, warmupEpochs: 1 } } as const;
  const ratesOf = ({ events }: Trained): number[] => only(events, 'step').map(({ learningRate }) => learningRate);

  it('holds, even where the warm-up starts from zero, and ends the warm-up instead of growing with it', async () => {
    const controls = new TrainingControls();
    controls.send({ action: 'learningRate', value: 0.02 });
    const rates = ratesOf(await train({ recipe: change, controls }));
    expect(rates).toHaveLength(12);
    for (const rate of rates) expect(rate).toBeCloseTo(0.02, 12);
  });

  it('is remembered over a resume', async () => {
    const react: Attempt['react'] = (event, controls) => {
      if (event.type !== 'step' || event.epoch !== 1) return;
      if (event.step === 1) controls.send({ action: 'learningRate', value: 0.02 });
      if (event.step === 2) controls.send({ action: 'stop' });
    };
    const rest = ratesOf(await train({ recipe: change, resume: lastPoint((await train({ recipe: change, react })).events) }));
    expect(rest).toHaveLength(10);
    for (const rate of rest) expect(rate).toBeCloseTo(0.02, 12);
  });
});
