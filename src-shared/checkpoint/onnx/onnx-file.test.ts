// Where an ONNX model may keep its weights, and what is refused.
import { describe, expect, test } from 'vitest';
import { openCheckpointBytes } from '../in-memory';
import { encodeModel, type OnnxModel, type OnnxTensor } from './messages';

const none = { floatData: [], int32Data: [], int64Data: [], doubleData: [], dataLocation: 0 };
const listed: OnnxTensor = { ...none, name: 'w', dims: [1, 2], dataType: 1, floatData: [0.5, -2] };

function model(graph: Partial<OnnxModel['graph']>): Uint8Array {
  return encodeModel({
    irVersion: 8,
    producerName: 'pytorch',
    producerVersion: '2.9.0',
    graph: { name: 'g', node: [], initializer: [], input: [], output: [], ...graph },
    opsetImport: [{ domain: '', version: 17 }],
    metadataProps: [],
  });
}

const opened = (graph: Partial<OnnxModel['graph']>) => openCheckpointBytes(model(graph), 'a.onnx');
const node = (opType: string, input: string[], t?: OnnxTensor) => ({
  name: '',
  opType,
  domain: '',
  input,
  output: ['made'],
  attribute: t === undefined ? [] : [{ name: 'value', type: 4, t, floats: [], ints: [] }],
});

describe('the weights of a model are', () => {
  test.each([
    ['its initializers', { initializer: [listed] }, 'w'],
    ['constants among its operations', { node: [node('Constant', [], { ...listed, name: '' })] }, 'made'],
    ['initializers by a second name', { initializer: [listed], node: [node('Identity', ['w'])] }, 'made'],
  ])('%s', async (_, graph, name) => {
    const file = await opened(graph);
    expect([...(await file.read(name)).data]).toEqual([0.5, -2]);
  });

  test('numbers of 16 bits, as the bits they are', async () => {
    // 1 and -2 in half precision, listed one by one and as bytes.
    const half = { ...listed, dataType: 10, floatData: [] };
    for (const values of [{ int32Data: [0x3c00, 0xc000] }, { rawData: Uint8Array.of(0, 0x3c, 0, 0xc0) }]) {
      const { dtype, data } = await (await opened({ initializer: [{ ...half, ...values }] })).read('w');
      expect([dtype, ...data]).toEqual(['float16', 0x3c00, 0xc000]);
    }
  });
});

describe('is refused in a sentence:', () => {
  test.each([
    ['values in a file beside it', { initializer: [{ ...listed, dataLocation: 1 }] }, /keeps .*w.* in a file of its own beside it/],
    [
      'a constant with values in a file beside it',
      { node: [node('Constant', [], { ...listed, dataLocation: 1 })] },
      /keeps .*made.* in a file of its own beside it/,
    ],
    ['fewer values than its shape needs', { initializer: [{ ...listed, floatData: [1] }] }, /lists 1 values for .*w.*, which needs 2/],
    ['an element type that is not read', { initializer: [{ ...listed, dataType: 17 }] }, /element type/],
    ['a sparse weight', { sparseInitializer: [{ values: listed, dims: [9, 9] }] }, /sparse ONNX/],
  ])('%s', async (_, graph, sentence) => {
    await expect(opened(graph)).rejects.toThrow(sentence);
  });
});
