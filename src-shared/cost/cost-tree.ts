// The ledger as a tree, network, stages, blocks, operations, and where its parts stand in an icicle: side by side in the
// order of the ledger, each as high as its share of the cost. Invariant: a part is as much as its own parts together.
import { hierarchy, partition } from 'd3-hierarchy';
import { groupName, type CostMeasure } from './grouping';
import type { Ledger, LedgerRow } from './ledger';

/** A piece of the network with its cost and its parts. */
export interface CostNode {
  readonly name: string;
  readonly value: number;
  readonly children: readonly CostNode[];
  /** The operations it sums up. */
  readonly rows: readonly LedgerRow[];
}

/** The ledger as a tree; parts without cost are left out. */
export function costTree(ledger: Ledger, measure: CostMeasure): CostNode {
  const rows = ledger.layers.filter((row) => row[measure] > 0);
  const blocks = (part: readonly LedgerRow[]): CostNode[] =>
    grouped(
      part,
      (row) => groupName(row.layer, 'block'),
      measure,
      (own) => own.map(leaf),
    );
  const leaf = (row: LedgerRow): CostNode => ({ name: row.name, value: row[measure], children: [], rows: [row] });
  const stages = grouped(rows, (row) => groupName(row.layer, 'stage'), measure, blocks);
  return { name: ledger.model, value: ledger[measure], children: stages, rows };
}

function grouped(
  rows: readonly LedgerRow[],
  nameOf: (row: LedgerRow) => string,
  measure: CostMeasure,
  partsOf: (rows: readonly LedgerRow[]) => CostNode[],
): CostNode[] {
  const groups = new Map<string, LedgerRow[]>();
  for (const row of rows) groups.set(nameOf(row), [...(groups.get(nameOf(row)) ?? []), row]);
  return [...groups].map(([name, own]) => ({
    name,
    value: own.reduce((sum, row) => sum + row[measure], 0),
    children: partsOf(own),
    rows: own,
  }));
}

/** A node's place in an icicle. */
export interface CostBox {
  readonly node: CostNode;
  /** 0 is the network, 3 the operations. */
  readonly level: number;
  readonly y: number;
  readonly height: number;
}

/** The boxes of a tree of the given height, in depth-first order, so that the parts of a box follow it. */
export function costBoxes(tree: CostNode, height: number): CostBox[] {
  const root = hierarchy(tree, ({ children }) => children).sum(({ children, value }) => (children.length === 0 ? value : 0));
  const boxes: CostBox[] = [];
  partition<CostNode>()
    .size([height, 1])(root)
    .eachBefore(({ data, depth, x0, x1 }) => boxes.push({ node: data, level: depth, y: x0, height: x1 - x0 }));
  return boxes;
}
