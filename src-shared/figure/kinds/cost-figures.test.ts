// The figures of the cost ledger: lengths and areas are the numbers.
import { describe, expect, it } from 'vitest';
import { costTree, type CostNode } from '../../cost/cost-tree';
import { costBars } from './cost-bars';
import { COST_BARS, costs, merged, train } from '../../../testing/figure/figure-examples';

describe('cost icicle', () => {
  it('splits every part exactly into its own', () => {
    const check = (node: CostNode): void => {
      if (node.children.length === 0) return;
      expect(node.children.reduce((sum, child) => sum + child.value, 0)).toBe(node.value);
      node.children.forEach(check);
    };
    check(costTree(train, 'operations'));
    check(costTree(merged, 'params'));
  });

  it('names stages, blocks and operations', () => {
    const stage = costTree(merged, 'operations').children[2];
    expect(stage.name).toBe('stage2');
    expect(stage.children.map((block) => block.name)).toEqual(['stage2.0', 'stage2.1', 'stage2.2', 'stage2.3']);
    expect(stage.children[1].children.map((row) => row.name)).toContain('stage2.1.btnk_repmlp.fc3');
  });
});

describe('cost bars', () => {
  it('are as long as the numbers, on one axis for both forms', () => {
    const bars = costBars
      .draw(COST_BARS, costs)
      .marks.filter((mark) => mark.kind === 'rect' && mark.height < 8 && mark.width !== mark.height);
    const widths = (bars as { width: number; fill: string }[]).map((bar) => bar.width);
    const sum = (offset: number): number => widths.filter((_, i) => i % 2 === offset).reduce((a, b) => a + b, 0);
    expect(widths.length).toBeGreaterThan(20);
    expect(sum(0) / sum(1)).toBeCloseTo(train.macs / merged.macs, 9);
  });
});
