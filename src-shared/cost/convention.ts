// What counts as work. Papers disagree silently: RepMLP and RepMLPNet print multiply-accumulates under
// the heading "FLOPs" and leave out batch norm, biases and activations. The convention is therefore a
// value that travels with every ledger and every export.

/** What the `operations` column of a ledger counts. */
export interface Convention {
  /** `macs`: a multiply-accumulate is 1. `flops`: it is 2 (a multiplication and an addition). */
  readonly unit: 'macs' | 'flops';
  /** Batch norm: one multiply-accumulate per element. */
  readonly batchNorm: boolean;
  /** Biases: one addition per output element. */
  readonly bias: boolean;
  /** Activations: one operation per element (a GELU or sigmoid really costs several). */
  readonly activation: boolean;
}

/** The convention of both papers: multiply-accumulates of convolutions and fully-connected layers, nothing else. */
export const PAPER_CONVENTION: Convention = { unit: 'macs', batchNorm: false, bias: false, activation: false };

/** Elements a primitive operation touches besides its multiply-accumulates. */
export interface ElementCounts {
  readonly batchNorm: number;
  readonly bias: number;
  readonly activation: number;
}

/** The convention as one sentence, to be printed into every export. */
export function conventionText({ unit, batchNorm, bias, activation }: Convention): string {
  const unitText = unit === 'macs' ? '1 multiply-accumulate = 1 (the papers call this FLOPs)' : '1 multiply-accumulate = 2 FLOPs';
  const choices = [
    [batchNorm, 'batch norm (1 multiply-accumulate per element)'],
    [bias, 'biases (1 addition per output element)'],
    [activation, 'activations (1 operation per element)'],
  ] as const;
  const counted = ['convolutions and fully-connected layers', ...choices.filter(([on]) => on).map(([, text]) => text)];
  const left = choices.filter(([on]) => !on).map(([, text]) => text.replace(/ \(.*/, ''));
  return `${unitText}; counted: ${counted.join(', ')}; not counted: ${[...left, 'pooling', 'additions', 'resizing'].join(', ')}; batch 1`;
}

/** Operations of one primitive: multiply-accumulates plus whatever else the convention counts, in its unit. */
export function operationsOf(macs: number, elements: ElementCounts, convention: Convention): number {
  const perMac = convention.unit === 'macs' ? 1 : 2;
  const fused = macs + (convention.batchNorm ? elements.batchNorm : 0);
  return perMac * fused + (convention.bias ? elements.bias : 0) + (convention.activation ? elements.activation : 0);
}

/** The same sum with the numbers filled in, e.g. `2 x 5000 multiply-accumulates + 2 x 40 of batch norm + 40 bias additions`. */
export function operationsFormula(macs: number, elements: ElementCounts, convention: Convention): string {
  const each = convention.unit === 'macs' ? '' : '2 x ';
  const terms: readonly (readonly [boolean, number, string])[] = [
    [true, macs, `${each}${macs} multiply-accumulates`],
    [convention.batchNorm, elements.batchNorm, `${each}${elements.batchNorm} of batch norm`],
    [convention.bias, elements.bias, `${elements.bias} bias additions`],
    [convention.activation, elements.activation, `${elements.activation} activations`],
  ];
  const filled = terms.filter(([counts, count]) => counts && count > 0).map(([, , text]) => text);
  return filled.length === 0 ? '0' : filled.join(' + ');
}
