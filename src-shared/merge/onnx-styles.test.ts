// Files as others write them: other opsets and exporters, weights as nodes, half precision, batch norms folded into Mul and Add. What
// is merged is known by how each graph was drawn here; the files are PyTorch's.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { referencePath } from '../../tests/reference';
import { decodeModel, type OnnxNode } from '../checkpoint/onnx/messages';
import { openCheckpointBytes } from '../checkpoint/in-memory';
import { onnxAnswer, onnxLines } from './onnx-answer';
import { mergedAnswer } from './onnx-branches';

/** A graph as text: `y = Op(a, b)` a line; names that begin with W are stored. A domain stands before the operation with a dot. */
function drawn(...lines: readonly string[]) {
  const node = lines.map((line): OnnxNode => {
    const [, outputs, operation, inputs] = /^(.+) = ([\w.]+)\((.*)\)$/.exec(line) ?? [];
    const [opType = '', ...domain] = operation.split('.').reverse();
    const named = (text: string): string[] => (text === '' ? [] : text.split(', '));
    return { name: '', opType, domain: domain.reverse().join('.'), input: named(inputs), output: named(outputs), attribute: [] };
  });
  const stored = [...new Set(node.flatMap(({ input }) => input.filter((name) => name.startsWith('W'))))];
  const values = { dims: [2, 2], dataType: 1, floatData: [], int32Data: [], int64Data: [], doubleData: [], dataLocation: 0 };
  return {
    irVersion: 8,
    producerName: '',
    producerVersion: '',
    graph: { name: '', node, initializer: stored.map((name) => ({ ...values, name })), input: [{ name: 'x' }], output: [{ name: 'y' }] },
    opsetImport: [],
    metadataProps: [],
  };
}

const branchesIn = (...lines: readonly string[]): string[][] => mergedAnswer(drawn(...lines)).sums.map(({ branches }) => [...branches]);

describe('branches are seen', () => {
  test.each<[string, string[], number]>([
    ['weights as Constant nodes', ['k = Constant()', 'a = Conv(x, k)', 'b = Conv(x, W2)', 'y = Add(a, b)'], 2],
    ['one weight shared by Identity', ['k = Identity(W1)', 'a = Conv(x, W1)', 'b = Conv(x, k)', 'y = Add(a, b)'], 2],
    ['weights cast from half precision', ['k = Cast(W1)', 'h = Cast(x)', 'a = Conv(h, k)', 'b = Conv(h, W2)', 'y = Add(a, b)'], 2],
    ['int8 weights that are brought back', ['k = DequantizeLinear(W1, Ws)', 'a = Conv(x, k)', 'b = Conv(x, W2)', 'y = Add(a, b)'], 2],
    [
      'int8 in between',
      [
        'q = QuantizeLinear(x, Ws)',
        'd = DequantizeLinear(q, Ws)',
        'a = Conv(d, W1)',
        'qa = QuantizeLinear(a, Ws)',
        'da = DequantizeLinear(qa, Ws)',
        'b = Conv(d, W2)',
        'y = Add(da, b)',
      ],
      2,
    ],
    ['batch norms as Mul and Add', ['a = Conv(x, W1)', 's = Mul(a, Wm)', 't = Add(s, Wa)', 'b = Conv(x, W2)', 'y = Add(t, b)'], 2],
    ['batch norms as Sub and Div', ['a = Conv(x, W1)', 's = Sub(a, Wm)', 't = Div(s, Wa)', 'y = Add(t, x)'], 2],
    ['Gemm beside MatMul and Add', ['a = Gemm(x, W1, Wb)', 'b = MatMul(x, W2)', 'c = Add(b, Wc)', 'y = Add(a, c)'], 2],
    ['Einsum', ['a = Einsum(x, W1)', 'y = Add(a, x)'], 2],
    [
      'a shape that is computed',
      [
        'sh = Shape(x)',
        'n = Gather(sh, Wi)',
        'u = Unsqueeze(n, Wi)',
        'to = Concat(u, Wi)',
        'r = Reshape(x, to)',
        'a = MatMul(r, W1)',
        'back = Reshape(a, sh)',
        'b = Conv(x, W2)',
        'y = Add(back, b)',
      ],
      2,
    ],
    ['a scale computed from the shape alone', ['sh = Shape(x)', 'n = Cast(sh)', 'a = Conv(x, W1)', 's = Div(a, n)', 'y = Add(s, x)'], 2],
    ['three in one Sum', ['a = Conv(x, W1)', 'b = Conv(x, W2)', 'y = Sum(a, b, x)'], 3],
    ['a residual added first', ['r = Relu(x)', 'a = Conv(x, W1)', 'b = Conv(x, W2)', 'p = Add(r, a)', 'y = Add(p, b)'], 2],
    ['part of the channels', ['p, q = Split(x)', 'a = Conv(p, W1)', 'c = Concat(a, q)', 'b = Conv(x, W2)', 'y = Add(c, b)'], 2],
    ['less its mean over places beside', ['m = AveragePool(x)', 's = Sub(m, x)', 'a = Conv(x, W1)', 'y = Add(s, a)'], 3],
  ])('%s', (_, lines, count) => {
    expect(branchesIn(...lines).map(({ length }) => length)).toEqual([count]);
  });
});

describe('is merged', () => {
  test.each<[string, string[]]>([
    ['a residual with an activation inside', ['a = Conv(x, W1)', 'r = HardSwish(a)', 'b = Conv(r, W2)', 'y = Add(b, x)']],
    ['a gate', ['a = Conv(x, W1)', 'g = Sigmoid(a)', 'm = Mul(x, g)', 'y = Conv(m, W2)']],
    ['a batch norm as Mul and Add', ['a = Conv(x, W1)', 's = Mul(a, Wm)', 'y = Add(s, Wa)']],
    [
      'a layer norm written out',
      ['m = ReduceMean(x)', 'd = Sub(x, m)', 'v = Mul(d, d)', 's = Sqrt(v)', 'n = Div(d, s)', 'y = MatMul(n, W1)'],
    ],
    [
      'attention',
      ['q = MatMul(x, W1)', 'k = MatMul(x, W2)', 'p = MatMul(q, k)', 's = Softmax(p)', 'v = MatMul(x, W3)', 'y = MatMul(s, v)'],
    ],
    ['a way down and up again', ['a = Conv(x, W1)', 'u = Resize(a, , Ws)', 'y = Add(u, x)']],
  ])('%s', (_, lines) => {
    const { merged, sums } = mergedAnswer(drawn(...lines));
    expect([merged, sums]).toEqual([true, []]);
  });
});

describe('cannot be told', () => {
  test.each<[string, string[], string]>([
    ['past an operation that is not known', ['a = Conv(x, W1)', 'n = Riddle(a)', 'y = Add(n, x)'], 'Riddle'],
    ['past one of another maker', ['a = com.microsoft.FusedConv(x, W1)', 'b = Conv(x, W2)', 'y = Add(a, b)'], 'com.microsoft.FusedConv'],
    ['past a graph inside a graph', ['a = Conv(x, W1)', 'y = If(a)'], 'If'],
    ['with a sum hidden in a bias', ['a = MatMul(x, W1)', 'y = Gemm(x, W2, a)'], 'Gemm with a computed bias'],
    ['in whole numbers', ['y = QLinearConv(x, Ws, Wz, W1)'], 'QLinearConv'],
  ])('%s', (_, lines, what) => {
    const answer = onnxAnswer(drawn(...lines));
    expect([answer.merged, answer.unknown]).toEqual([null, [what]]);
    expect(onnxLines(answer)[0]).toContain(`cannot be told, for ${what}`);
  });

  test('where no layer has weights', () => {
    expect(onnxLines(onnxAnswer(drawn('y = Relu(x)')))[0]).toBe('merged: it has no layers with weights');
  });
});

test('a circle, and a hundred sums of sums, are answered', () => {
  expect(mergedAnswer(drawn('a = Add(y, x)', 'b = Concat(a, y)', 'y = Conv(b, W1)')).merged).not.toBeNull();
  const lines = Array.from({ length: 100 }, (_, i) => {
    const from = i === 0 ? 'x' : `s${i}`;
    return [`c${i} = Conv(${from}, W${i})`, `s${i + 1} = Add(${from}, c${i})`];
  }).flat();
  expect(mergedAnswer(drawn(...lines)).sums).toHaveLength(100);
});

const fileOf = (name: string): Uint8Array => readFileSync(referencePath(`onnx/${name}.onnx`));

describe("PyTorch's exporter in other styles", () => {
  test.each([
    ['shared-opset9', 2, ['/dense.0/Conv + /point.0/Conv', '/dense.1/Conv + /point.1/Conv']],
    ['shared-opset13', 2, ['/dense.0/Conv + /point.0/Conv', '/dense.1/Conv + /point.1/Conv']],
    ['reshaped-opset11', 1, ['/fc/Gemm + /conv/Conv']],
  ])('%s', (name, sums, branches) => {
    const answer = mergedAnswer(decodeModel(fileOf(name)));
    expect([answer.merged, answer.unknown, answer.sums.length]).toEqual([false, [], sums]);
    expect(answer.sums.map((sum) => sum.branches.join(' + '))).toEqual(branches);
  });

  test('weights that are stored once have both their names', async () => {
    const file = await openCheckpointBytes(fileOf('shared-opset13'), 'shared.onnx');
    const names = file.tensors.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['dense.0.weight', 'dense.1.weight', 'point.0.bias', 'point.1.bias']));
    expect((await file.read('dense.0.weight')).data).toEqual((await file.read('dense.1.weight')).data);
  });
});
