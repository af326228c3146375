import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Engine, TrainRequest } from '@shared/compute/engine';
import type { EngineTrainingEvent } from '@shared/training/loop/events';
import { HalfStep } from '@shared/training/loop/half-step';
import type { TrainingEvent } from '@shared/training/recipe/event';
import { testConfig, weightsAt } from '../../testing/training/scripted-engine';
import { readRun } from './read';
import { CommandsInForce } from './commands-in-force';
import { trainIntoRun } from './train';
import { RunWriter } from './writer';

let folder: string;
let writer: RunWriter;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repmlp-half-steps-'));
  writer = await RunWriter.create(folder, testConfig, 'hash');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const finished: EngineTrainingEvent = { type: 'state', state: 'finished', message: '' };

/** An engine whose trainings tell the events of one attempt after the other; an error among them is thrown. */
function engineOf(...attempts: (EngineTrainingEvent | Error)[][]): { engine: Engine; requests: TrainRequest[] } {
  const requests: TrainRequest[] = [];
  async function* train(request: TrainRequest): AsyncGenerator<EngineTrainingEvent, void> {
    requests.push(request);
    for (const event of attempts[requests.length - 1]) {
      if (event instanceof Error) throw event;
      yield await Promise.resolve(event);
    }
  }
  return { engine: { train } as Pick<Engine, 'train'> as Engine, requests };
}

const half = (): Error => new HalfStep('step 7 was only done in part: no memory');

async function eventsOf(engine: Engine): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  const first = new CommandsInForce([{ action: 'learningRate', value: 0.5 }]);
  for await (const event of trainIntoRun(engine, 'run', writer, null, first)) events.push(event);
  return events;
}

test('after a half step a run goes on from its last checkpoint, says so, and knows what it had been told before', async () => {
  const { engine, requests } = engineOf([weightsAt(1), half()], [finished]);
  const events = await eventsOf(engine);
  expect(events[1]).toMatchObject({ type: 'state', state: 'running', mended: true });
  expect(events[1]).toHaveProperty(
    'message',
    expect.stringMatching(/^goes on from .*1.*: step 7 was only done in part: no memory$/) as unknown,
  );
  expect(requests[1].resume?.weights.get('w')?.data).toEqual(Float32Array.of(3));
  expect(requests[1].resume?.epoch).toBe(1);
  // The rate is part of the checkpoint.
  expect(requests.map(({ first }) => first?.length)).toEqual([1, 0]);
  expect((await readRun(folder)).state).toBe('finished');
});

test('before its first checkpoint it starts again from its seeds, with what it was to start with', async () => {
  const { engine, requests } = engineOf([half()], [finished]);
  expect((await eventsOf(engine))[0]).toMatchObject({
    message: 'goes on from its seeds, for there is no checkpoint yet: step 7 was only done in part: no memory',
  });
  expect(requests[1]).toMatchObject({ resume: null, first: [{ value: 0.5 }] });
});

test('the third half step without a checkpoint in between ends the run with the error; one in between begins the count anew', async () => {
  const { engine, requests } = engineOf([half()], [half()], [weightsAt(1), half()], [half()], [half()]);
  await expect(eventsOf(engine)).rejects.toThrow('no memory');
  expect(requests).toHaveLength(5);
});
