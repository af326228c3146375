// Rounding to int8 against something not ours: QuantizeLinear and DequantizeLinear of ONNX Runtime, bit for bit, per tensor and per
// channel, with the scales that int8 forecasts take.
import { describe, expect, test } from 'vitest';
import { encodeModel, type OnnxAttribute } from '@shared/checkpoint/onnx/messages';
import { throughInt8, type Int8Scales } from '@shared/tensor/int8';
import { normalArray, randomFrom, seed } from '@shared/tensor/random';
import { floatTensor, type FloatTensor } from '@shared/tensor/tensor';
import { runOnnx } from './onnx-runtime';

/** What ONNX Runtime makes of `x` with a scale for each row, or one alone; zero points are 0. */
async function theirs(x: FloatTensor, scales: readonly number[]): Promise<FloatTensor> {
  const isChannel = scales.length > 1;
  const axis: OnnxAttribute[] = isChannel ? [{ name: 'axis', i: 0, type: 2, floats: [], ints: [] }] : [];
  const tensor = { floatData: [], int32Data: [], int64Data: [], doubleData: [], dataLocation: 0, dims: isChannel ? [scales.length] : [] };
  const node = (opType: string, input: string, output: string) => ({
    name: opType,
    opType,
    domain: '',
    input: [input, 'scale', 'zero'],
    output: [output],
    attribute: axis,
  });
  const value = (name: string) => ({
    name,
    type: { tensorType: { elemType: 1, shape: { dim: x.shape.map((dimValue) => ({ dimValue })) } } },
  });
  const bytes = encodeModel({
    irVersion: 8,
    producerName: '',
    producerVersion: '',
    graph: {
      name: 'int8',
      node: [node('QuantizeLinear', 'x', 'q'), node('DequantizeLinear', 'q', 'y')],
      initializer: [
        { ...tensor, name: 'scale', dataType: 1, floatData: [...scales] },
        { ...tensor, name: 'zero', dataType: 3, int32Data: scales.map(() => 0) },
      ],
      input: [value('x')],
      output: [value('y')],
    },
    opsetImport: [{ domain: '', version: 17 }],
    metadataProps: [],
  });
  return (await runOnnx(bytes, 'x', x)).get('y') as FloatTensor;
}

/** Symmetric scales as the standard tools take them: the largest magnitude over 127, in float32; of nothing but zeros, 1. */
function scalesOf({ shape, data }: FloatTensor, kind: Int8Scales): number[] {
  const rows = kind === 'tensor' ? 1 : shape[0];
  const length = data.length / rows;
  return Array.from({ length: rows }, (_, row) => {
    const largest = Math.max(...Array.from(data.subarray(row * length, (row + 1) * length), Math.abs));
    return largest === 0 ? 1 : Math.fround(largest / 127);
  });
}

/** Weights of which the scale is exactly 1: every half is a tie, to the even step. */
const ties = floatTensor([2, 5], Float32Array.of(127, 0.5, 1.5, 2.5, -0.5, -127, -1.5, -2.5, 126.5, 125.5));
/** A channel of zeros between others, and one whose values are far smaller than the first one's step. */
const zeros = floatTensor([4, 3], Float32Array.of(3, -2, 1, 0, 0, 0, -0, 0, 0, 1e-4, -2e-4, 3e-5));
const normal = floatTensor([16, 3, 3, 3], normalArray(randomFrom(seed(7)), 16 * 27, 0.1));
const tiny = floatTensor([2, 4], Float32Array.of(1e-38, -2e-38, 3e-38, 4e-38, 1e30, -3e30, 2.5e30, 1));

const values = ({ data }: FloatTensor): number[] => Array.from(data, (value) => value + 0);

describe.each(['tensor', 'channel'] as const)('one scale per %s', (kind) => {
  test.each([
    ['ties', ties],
    ['a channel of zeros', zeros],
    ['weights as networks have them', normal],
    ['values at both ends of float32', tiny],
  ])("%s become what ONNX Runtime's int8 stands for", async (_, weights) => {
    expect(values(throughInt8(weights, kind))).toEqual(values(await theirs(weights, scalesOf(weights, kind))));
  });
});

test('the largest weight, of which 127 steps may be a little less, is not rounded past them', async () => {
  for (const i of [1, 20, 39, 97, 211, 397]) {
    const weights = floatTensor([1, 2], Float32Array.of(-i / 7, i / 13));
    expect(values(throughInt8(weights, 'tensor'))).toEqual(values(await theirs(weights, scalesOf(weights, 'tensor'))));
  }
});
