// What a training step on WebGL moves between the page and the GPU, counted where tfjs's backend does it.
import * as tf from '@tensorflow/tfjs-core';
import { createSession } from '../../src-shared/compute/session/create-session';
import type { Batch } from '../../src-shared/training/loop/session';
import { initialWeights } from '../../src-shared/model/initialise';
import type { NetworkSpec } from '../../src-shared/model/spec';
import { normalArray, randomFrom, seed } from '../../src-shared/tensor/random';
import { recipe } from '../../src-shared/training/recipe/recipes';

export interface Transfers {
  /** Lengths of the arrays uploaded by the step. */
  readonly uploads: readonly number[];
  /** Readbacks by the step, before its result was asked for. */
  readonly reads: number;
  /** Readbacks by asking for the results of that step and of two more. */
  readonly readsOfResult: number;
}

/** The little of tfjs's WebGL backend that moves data. */
interface Backend {
  readonly gpgpu: { uploadDenseMatrixToTexture(texture: unknown, width: number, height: number, values: ArrayLike<number>): void };
  read(dataId: object): Promise<unknown>;
  readSync(dataId: object): unknown;
}

/** A second step, after one that compiled the shaders and made what stays: SGD, a batch of two random pictures. */
export async function transfersOfStep(spec: NetworkSpec): Promise<Transfers> {
  const session = createSession({
    spec,
    weights: initialWeights(spec, seed(1)),
    recipe: recipe('cifar-paper'),
    seed: seed(1),
    backend: 'webgl',
  });
  await session.step(batchFor(spec), 0.1).read();
  const counted = count(Object(tf.backend()) as Backend);
  try {
    const result = session.step(batchFor(spec), 0.1);
    const uploads = [...counted.uploads];
    const results = [result, ...[1, 2].map(() => session.step(batchFor(spec), 0.1))];
    const { reads } = counted;
    await Promise.all(results.map((one) => one.read()));
    return { uploads, reads, readsOfResult: counted.reads - reads };
  } finally {
    counted.stop();
    session.dispose();
  }
}

function batchFor({ input: { channels, height, width } }: NetworkSpec): Batch {
  const images = normalArray(randomFrom(seed(2)), 2 * channels * height * width, 1);
  return {
    images,
    shape: [2, channels, height, width],
    targets: Float32Array.from([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
  };
}

function count(backend: Backend) {
  const counted = { uploads: [] as number[], reads: 0, stop: () => undefined as void };
  const { gpgpu } = backend;
  const [upload, read, readSync] = [gpgpu.uploadDenseMatrixToTexture, backend.read, backend.readSync];
  gpgpu.uploadDenseMatrixToTexture = function (texture, width, height, values) {
    counted.uploads.push(values.length);
    upload.call(this, texture, width, height, values);
  };
  backend.read = function (dataId) {
    counted.reads++;
    return read.call(this, dataId);
  };
  backend.readSync = function (dataId) {
    counted.reads++;
    return readSync.call(this, dataId);
  };
  counted.stop = () => Object.assign(backend, { read, readSync }) && void Object.assign(gpgpu, { uploadDenseMatrixToTexture: upload });
  return counted;
}
