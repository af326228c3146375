// Exports name their convention, and grouping and difference keep the totals.
import { describe, expect, it } from 'vitest';
import type { NetworkSpec, RepMlp } from '../model/spec';
import { ledgerDifference } from './difference';
import { costGroups, totalOf } from './cost-groups';
import { costCsv, costJson, costText, differenceText } from './export';
import { groupLedger, groupName } from './grouping';
import { ledger } from './ledger';

const block: RepMlp = {
  kind: 'repmlp',
  name: 'stage1.0',
  C: 4,
  O: 4,
  H: 8,
  W: 8,
  h: 4,
  w: 4,
  kernels: [1, 3],
  reduction: 1,
  groups: 2,
  form: 'train',
};

function network(form: 'train' | 'merged'): NetworkSpec {
  const layers = [
    { ...block, form },
    { ...block, name: 'stage1.1', form },
    { ...block, name: 'stage2.0', form },
  ];
  return {
    format: 'repmlp-network',
    version: 1,
    name: 'three blocks',
    task: 'classification',
    form,
    input: { channels: 4, height: 8, width: 8 },
    layers,
  };
}

const train = ledger(network('train'));
const merged = ledger(network('merged'));

describe('grouping', () => {
  it('reads stages and blocks off the module names of the official networks', () => {
    expect(groupName('stages.0.1.repmlp_block', 'stage')).toBe('stages.0');
    expect(groupName('stages.0.1.repmlp_block', 'block')).toBe('stages.0.1');
    expect(groupName('stage2.1.btnk_repmlp', 'stage')).toBe('stage2');
    expect(groupName('stage2.1.btnk_repmlp', 'block')).toBe('stage2.1');
    expect(groupName('stage1.mix1', 'block')).toBe('stage1.mix1');
    expect(groupName('embeds.0', 'stage')).toBe('embeds.0');
    expect(groupName('conv_embedding', 'block')).toBe('conv_embedding');
  });

  it('keeps the totals', () => {
    for (const level of ['stage', 'block'] as const) {
      const groups = groupLedger(train, level);
      expect(groups.reduce((sum, group) => sum + group.params, 0)).toBe(train.params);
      expect(groups.reduce((sum, group) => sum + group.macs, 0)).toBe(train.macs);
    }
    expect(groupLedger(train, 'stage').map((group) => group.name)).toEqual(['stage1', 'stage2']);
    expect(groupLedger(train, 'block')).toHaveLength(3);
  });
});

describe('difference', () => {
  const difference = ledgerDifference(train, merged);

  it('sums its rows to the difference of the totals', () => {
    expect(difference.rows.reduce((sum, row) => sum + row.params, 0)).toBe(merged.params - train.params);
    expect(difference.rows.reduce((sum, row) => sum + row.macs, 0)).toBe(merged.macs - train.macs);
  });

  it('shows that branches and batch norms vanish and FC3 gains a bias', () => {
    const of = (name: string) => difference.rows.find((row) => row.name === name);
    expect(of('stage1.0.repconv3.conv')?.merged).toBeNull();
    expect(of('stage1.0.fc3_bn')?.params).toBe(-2 * 64);
    expect(of('stage1.0.fc3')?.params).toBe(64);
  });
});

describe('both forms side by side', () => {
  it.each(['stage', 'block', 'layer', 'row'] as const)('groups by %s add up to both ledgers', (level) => {
    const total = totalOf(costGroups(train, merged, level));
    for (const form of [train, merged]) {
      const { params, operations, macs, bytes } = form;
      expect(total[form.form]).toEqual({ params, operations, macs, bytes, intensity: (2 * macs) / bytes });
    }
  });

  it('print the change of every row that changes, and of all', () => {
    const lines = differenceText(train, merged).split('\n');
    expect(lines.at(-1)).toContain((merged.params - train.params).toLocaleString('en-US'));
    expect(lines.some((line) => line.startsWith('stage1.0.repconv3.conv '))).toBe(true);
    expect(lines.some((line) => line.startsWith('stage1.0.fc1_fc2.fc2 '))).toBe(false);
  });
});

describe('exports', () => {
  it('write one JSON object with both forms, and the rows of the official names', () => {
    const json = costJson([train, merged]);
    expect(json.train?.params).toBe(train.params);
    expect(json.merged?.layers[0]).toMatchObject({ name: 'stage1.0.fc1_fc2.fc1', kind: 'linear', outputShape: [1, 16] });
    expect(json.convention).toContain('multiply-accumulate');
    expect(json.difference?.params).toBe(merged.params - train.params);
    expect(json.train?.intensity).toBe((2 * train.macs) / train.bytes);
  });

  it('write CSV with as many cells as columns, quoted where needed', () => {
    const lines = costCsv([train, merged]).trimEnd().split('\n');
    expect(lines).toHaveLength(1 + train.layers.length + merged.layers.length);
    const cells = (line: string): number => line.match(/("([^"]|"")*"|[^,]*)(,|$)/g)?.filter((cell) => cell !== '').length ?? 0;
    expect(new Set(lines.map(cells))).toEqual(new Set([13]));
    expect(lines[1]).toContain(train.convention);
  });

  it('write a text table that ends with the totals, the convention and what is left out', () => {
    const text = costText(train);
    expect(text).toContain(train.params.toLocaleString('en-US'));
    expect(text).toContain('convention: 1 multiply-accumulate = 1');
    expect(text.split('\n')[0]).toMatch(/bytes +FLOPs\/byte$/);
    expect(text.split('\n').at(-1)).toMatch(/^left out: /);
  });
});
