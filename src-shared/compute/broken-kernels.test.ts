// What a kernel that fails does to whatever the engine was about: nothing, or an error that says what it was.
import { createHash } from 'node:crypto';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { breakKernels, jobsOf } from '../../tests/broken-kernel';
import { installedWasmFiles } from '../../tests/engine';
import { openEmbedded } from '../dataset/embedded/embedded';
import { initialWeights } from '../model/initialise';
import { buildModel } from '../model/zoo';
import { seed } from '../tensor/random';
import type { NamedTensors } from '../tensor/tensor';
import type { TrainingConfig } from '../training/recipe/recipe';
import { recipe } from '../training/recipe/recipes';
import { UserError } from '../base/user-error';
import { createEngine } from './create-engine';
import type { Engine } from './engine';
import type { EngineTrainingEvent, ResumePoint } from '../training/loop/events';
import { evaluatedBy } from '../training/evaluation/evaluated';
import { MOST_TRIES } from './kernel-failure';

const spec = buildModel('pure-mlp-small');
/** Two epochs of three steps. */
const config: TrainingConfig = {
  spec,
  dataset: { kind: 'embedded', name: 'shapes', seed: seed(1), trainCount: 48, validationCount: 20 },
  recipe: { ...recipe('shapes-short'), epochs: 2, batchSize: 16 },
  seed: seed(4),
  backend: 'wasm',
};

let engine: Engine;
let undisturbed: string;
let mend: () => void = () => undefined;

beforeAll(async () => {
  engine = createEngine({
    openDataset: (reference) =>
      reference.kind === 'embedded' ? Promise.resolve(openEmbedded(reference)) : Promise.reject(new UserError('no folders here')),
    wasmFiles: installedWasmFiles(),
  });
  undisturbed = digestOf(lastPoint((await train()).events));
});
beforeEach(() => vi.spyOn(console, 'warn').mockImplementation(() => undefined));
afterEach(() => {
  mend();
  vi.restoreAllMocks();
});

interface Trained {
  readonly events: EngineTrainingEvent[];
  readonly error: Error | null;
}

async function train(resume: ResumePoint | null = null): Promise<Trained> {
  const events: EngineTrainingEvent[] = [];
  try {
    for await (const event of engine.train({ run: 'run', config, resume })) events.push(event);
  } catch (error) {
    return { events, error: error as Error };
  }
  return { events, error: null };
}

function lastPoint(events: readonly EngineTrainingEvent[]): ResumePoint {
  return events.filter((event) => event.type === 'weights').at(-1)?.point as ResumePoint;
}

/** Of all bytes of weights and state. */
function digestOf({ weights, state }: ResumePoint): string {
  const hash = createHash('sha256');
  for (const tensors of [weights, state])
    for (const [name, { data }] of tensors as NamedTensors)
      hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return hash.digest('hex');
}

const mended = (events: readonly EngineTrainingEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'state' && event.mended ? [event.message] : []));

// Of a step's kernels one of the way there, one of the way back and one of both.
test.each(['momentsOfBranches', 'gradientSums', 'gemmRows'])(
  'a training in which %s fails says so, and ends with the bytes of an undisturbed one',
  async (kernel) => {
    const tensors = tf.memory().numTensors;
    mend = breakKernels(jobsOf(kernel, 5));
    const { events, error } = await train();
    expect(error).toBeNull();
    expect(mended(events)).toEqual([
      expect.stringMatching(
        new RegExp(`^step \\d of 3 in epoch \\d was made again: \\w+ of .*\\[.*\\]: the kernel ${kernel}\\(.* failed on thread`),
      ),
    ]);
    expect(digestOf(lastPoint(events))).toBe(undisturbed);
    expect(tf.memory().numTensors).toBe(tensors);
  },
);

describe('a step that fails every time it is tried', () => {
  test('ends the training with the error, after the weights of the last whole step, from which it goes on', async () => {
    const tensors = tf.memory().numTensors;
    let steps = 0;
    mend = breakKernels((work) => {
      // Of the running statistics, the last thing of a step.
      if (work === 'blend') steps++;
      return steps >= 2 && work === 'gradientSums';
    });
    const { events, error } = await train();
    expect(error).toMatchObject({ name: 'KernelFailure', message: expect.stringContaining('the kernel gradientSums(') as unknown });
    expect(error?.stack).toContain('on thread');
    expect(events.at(-1)).toMatchObject({ type: 'weights', epoch: 0, step: 2, interim: true });
    expect(tf.memory().numTensors).toBe(tensors);
    mend();
    const rest = await train(lastPoint(events));
    expect(digestOf(lastPoint(rest.events))).toBe(undisturbed);
  });

  test('is tried three times', async () => {
    mend = breakKernels(jobsOf('gradientSums', 5, MOST_TRIES - 1));
    const { events, error } = await train();
    expect(error).toBeNull();
    expect(mended(events)).toHaveLength(MOST_TRIES - 1);
  });
});

test('weights of a step that was only done in part are never handed out', async () => {
  mend = breakKernels(jobsOf('blend', 2));
  const { events, error } = await train();
  expect(error).toMatchObject({
    name: 'HalfStep',
    message: expect.stringMatching(/^step 3 was only done in part: .*the kernel blend\(/) as unknown,
  });
  expect(events.some(({ type }) => type === 'weights')).toBe(false);
  mend();
  const { events: again } = await train();
  expect(digestOf(lastPoint(again))).toBe(undisturbed);
});

test('an evaluation in which a kernel fails finds what an undisturbed one finds, to the bit', async () => {
  const request = { spec, weights: initialWeights(spec, seed(1)), dataset: config.dataset, backend: 'wasm' } as const;
  const expected = await evaluatedBy(engine.evaluate(request));
  mend = breakKernels(jobsOf('gemmRows', 3));
  expect(await evaluatedBy(engine.evaluate(request))).toEqual(expected);
  expect(console.warn).toHaveBeenCalledWith(expect.stringContaining('computed again: '));
});
