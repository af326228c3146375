import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { NODE_BACKENDS, openForTest } from '../../../tests/engine';
import { variableGradients } from './backpropagation';
import { useBackend } from '../backend/choose';

describe.each(NODE_BACKENDS)('on the %s backend', (backend) => {
  beforeAll(() => openForTest(backend));

  /** x used three times, once handed on by a gradient function as it came; w twice; `unused` not at all. */
  function lossOf(x: tf.Variable, w: tf.Variable): () => tf.Scalar {
    const handOn = tf.customGrad((...inputs) => {
      const [a, b] = inputs as tf.Tensor[];
      return { value: tf.add(a, b), gradFunc: (dy: tf.Tensor) => [dy, dy] };
    });
    return () => {
      const [left, right] = tf.split(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D), 2, 1);
      const sum = handOn(tf.relu(left), tf.mul(right, x));
      return tf.sum(tf.mul(sum, tf.matMul(x as tf.Tensor2D, tf.slice(w as tf.Tensor2D, [0, 0], [3, 3]))));
    };
  }

  test("value and gradients are those of tfjs's own way back, and nothing else is left", () => {
    useBackend(backend);
    const values = (count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => Math.sin(i + 1));
    const [x, w] = [tf.variable(tf.tensor2d(values(12), [4, 3])), tf.variable(tf.tensor2d(values(18), [3, 6]))];
    const unused = tf.variable(tf.scalar(1));
    const before = tf.memory().numTensors;
    const own = variableGradients(lossOf(x, w), [x, w, unused]);
    expect(Object.keys(own.gradients).sort()).toEqual([x.name, w.name].sort());
    const { value, grads } = tf.variableGrads(lossOf(x, w), [x, w]);
    expect(own.value.dataSync()).toEqual(value.dataSync());
    for (const { name } of [x, w]) expect(own.gradients[name].dataSync()).toEqual(grads[name].dataSync());
    tf.dispose([own, value, grads]);
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([x, w, unused]);
  });

  test('a loss that throws leaves no tensor and no recording behind', () => {
    useBackend(backend);
    const x = tf.variable(tf.scalar(2));
    const before = tf.memory().numTensors;
    const failing = (): tf.Scalar => {
      tf.square(x);
      throw new Error('no loss');
    };
    expect(() => variableGradients(failing, [x])).toThrow('no loss');
    expect(tf.memory().numTensors).toBe(before);
    const { value, gradients } = variableGradients(() => tf.square(x), [x]);
    expect([value.dataSync()[0], gradients[x.name].dataSync()[0]]).toEqual([4, 4]);
    tf.dispose([value, gradients, x]);
  });
});
