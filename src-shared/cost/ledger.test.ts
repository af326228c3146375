// The ledger of single layers and blocks against the counts of the official code (tests/reference/flops.json).
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ConvBn, LayerSpec, NetworkSpec, RepMlp, RepMlpNetBlock } from '../model/spec';
import { elementCount } from '../tensor/tensor';
import { ledger, PAPER_CONVENTION } from './ledger';

type ReferenceRow = [name: string, kind: string, params: number, macs: number, shape: number[]];
const reference = JSON.parse(readFileSync(new URL('../../tests/reference/flops.json', import.meta.url), 'utf8')) as {
  per_layer: Record<string, { layers: ReferenceRow[] }>;
};

function network(layers: LayerSpec[], channels: number, size: number, form: 'train' | 'merged' = 'train'): NetworkSpec {
  const input = { channels, height: size, width: size };
  return { format: 'repmlp-network', version: 1, name: 'test', task: 'classification', form, input, layers };
}

function rowsOf(spec: NetworkSpec): ReferenceRow[] {
  return ledger(spec).layers.map(({ name, kind, params, macs, outputShape }) => [name, kind, params, macs, [...outputShape]]);
}

/** The reference rows of one module, in order. */
function referenceRows(model: string, prefix: string): ReferenceRow[] {
  return reference.per_layer[model].layers.filter(([name]) => name.startsWith(prefix));
}

const v1Block: RepMlp = {
  kind: 'repmlp',
  name: '1',
  C: 16,
  O: 16,
  H: 32,
  W: 32,
  h: 8,
  w: 8,
  kernels: [1, 3, 5, 7],
  reduction: 1,
  groups: 2,
  form: 'train',
};

const netBlock: RepMlpNetBlock = {
  kind: 'repmlpNetBlock',
  name: 'stages.0.0.repmlp_block',
  C: 64,
  h: 64,
  w: 64,
  kernels: [1, 3],
  reduction: 4,
  shareSets: 1,
  form: 'train',
};

const stem: ConvBn = {
  kind: 'convBn',
  name: 'stage0.0',
  in: 3,
  out: 64,
  kernel: [7, 7],
  stride: [2, 2],
  padding: [3, 3],
  dilation: [1, 1],
  groups: 1,
  activation: 'relu',
  fusedByMerge: true,
  form: 'train',
};

describe('ledger', () => {
  it('counts a v1 RepMLP block as the official code does, in both forms', () => {
    expect(rowsOf(network([v1Block], 16, 32))).toEqual(referenceRows('CIFAR-10 pure MLP/train', '1.'));
    expect(rowsOf(network([{ ...v1Block, form: 'merged' }], 16, 32, 'merged'))).toEqual(referenceRows('CIFAR-10 pure MLP/deploy', '1.'));
  });

  it('leaves out the Global Perceptron where one partition is the whole map', () => {
    const block: RepMlp = { ...v1Block, name: '11', C: 64, O: 64, H: 8, W: 8 };
    expect(rowsOf(network([block], 64, 8))).toEqual(referenceRows('CIFAR-10 pure MLP/train', '11.'));
  });

  it('counts a RepMLPNet block as the official code does, in both forms', () => {
    const prefix = 'stages.0.0.repmlp_block.';
    expect(rowsOf(network([netBlock], 64, 64))).toEqual(referenceRows('RepMLPNet-T256/train', prefix));
    expect(rowsOf(network([{ ...netBlock, form: 'merged' }], 64, 64, 'merged'))).toEqual(referenceRows('RepMLPNet-T256/deploy', prefix));
  });

  it('counts a convolution with batch norm, and the biased convolution it merges into', () => {
    expect(rowsOf(network([stem], 3, 224))).toEqual(referenceRows('RepMLP-Res50-base-224/train', 'stage0.0.'));
    expect(rowsOf(network([{ ...stem, form: 'merged' }], 3, 224, 'merged'))).toEqual(
      referenceRows('RepMLP-Res50-base-224/deploy', 'stage0.0.'),
    );
  });

  it('gives formulas that evaluate to the counts', () => {
    const all = { unit: 'flops', batchNorm: true, bias: true, activation: true } as const;
    const rows = [PAPER_CONVENTION, all].flatMap((rules) => [
      ...ledger(network([v1Block], 16, 32), rules).layers,
      ...ledger(network([netBlock], 64, 64), rules).layers,
    ]);
    expect(rows.map((row) => evaluate(row.formula))).toEqual(rows.map((row) => row.macs));
    expect(rows.map((row) => evaluate(row.paramsFormula))).toEqual(rows.map((row) => row.params));
    expect(rows.map((row) => evaluate(row.operationsFormula))).toEqual(rows.map((row) => row.operations));
    expect(rows.map((row) => evaluate(row.bytesFormula))).toEqual(rows.map((row) => row.bytes));
  });

  it('counts bytes as input, stored values and output at 4 bytes', () => {
    const [conv, bn] = ledger(network([stem], 3, 224)).layers;
    const outputs = elementCount([1, 64, 112, 112]);
    expect(conv.bytes).toBe(4 * (3 * 224 * 224 + 9408 + outputs));
    expect(bn.bytes).toBe(4 * (outputs + 4 * 64 + outputs));
    expect(conv.intensity).toBeCloseTo((2 * conv.macs) / conv.bytes, 12);
  });
});

describe('conventions', () => {
  const elements = 64 * 112 * 112;

  it('doubles multiply-accumulates when FLOPs are asked for, and says so', () => {
    const flops = ledger(network([stem], 3, 224), { ...PAPER_CONVENTION, unit: 'flops' });
    expect(flops.operations).toBe(2 * flops.macs);
    expect(flops.convention).toContain('= 2 FLOPs');
  });

  it('adds batch norm, bias and activation work only when counted', () => {
    const macs = 118013952; // flops.json, ResNet-50 stem
    const all = { unit: 'flops', batchNorm: true, bias: true, activation: true } as const;
    expect(ledger(network([stem], 3, 224)).operations).toBe(macs);
    expect(ledger(network([stem], 3, 224), all).operations).toBe(2 * macs + 2 * elements + elements);
    const merged = network([{ ...stem, form: 'merged' }], 3, 224, 'merged');
    expect(ledger(merged, all).operations).toBe(2 * macs + elements + elements);
  });

  it('counts the ReLU that closes a residual sum, behind the last layer of the sum', () => {
    const same: ConvBn = { ...stem, name: 'conv', in: 64, kernel: [1, 1], stride: [1, 1], padding: [0, 0], activation: 'none' };
    const residual: LayerSpec = { kind: 'residual', name: 'block', body: [same], shortcut: [], activation: 'relu' };
    const rows = ledger(network([residual, { ...same, name: 'next' }], 64, 8), { ...PAPER_CONVENTION, activation: true }).layers;
    expect(rows.map((row) => row.name)).toEqual(['block.conv.conv', 'block.conv.bn', 'block.relu', 'next.conv', 'next.bn']);
    expect(rows[2].operations).toBe(64 * 8 * 8);
  });

  it('lists what it leaves out', () => {
    const pool: LayerSpec = { kind: 'pool', name: 'pool', function: 'max', kernel: [2, 2], stride: [2, 2], padding: [0, 0] };
    const { notCounted } = ledger(network([stem, pool], 3, 224));
    expect(notCounted.some((line) => line.startsWith('1 batch norms'))).toBe(true);
    expect(notCounted.some((line) => line.startsWith('1 poolings'))).toBe(true);
    const counted = ledger(network([stem], 3, 224), { ...PAPER_CONVENTION, batchNorm: true });
    expect(counted.notCounted.some((line) => line.includes('batch norms'))).toBe(false);
  });
});

/** Value of `16 partitions x 3136 outputs + 4 biases`: products of the numbers, summed. */
function evaluate(formula: string): number {
  const numbers = (term: string): number[] => (term.match(/\d+/g) ?? []).map(Number);
  return formula.split('+').reduce((sum, term) => sum + numbers(term).reduce((product, n) => product * n, 1), 0);
}
