// The boxes of an icicle, network, stages, blocks, operations from left to right, and the steps between them.
// Invariant: boxes stand in depth-first order, so that the parts of a box follow it.
import type { CostNode } from '@shared/figure/kinds/cost-icicle';

/** Level of the operations. */
export const OPERATION = 3;

export interface Box {
  readonly node: CostNode;
  /** 0 is the network. */
  readonly level: number;
  readonly y: number;
  readonly height: number;
}

/** The boxes of a node and of all its parts, those that would be thinner than a hair left out. */
export function boxesOf(node: CostNode, level: number, y: number, height: number): Box[] {
  if (height < 0.2) return [];
  let top = y;
  const parts = node.children.flatMap((child) => {
    const own = (height * child.value) / node.value;
    const boxes = boxesOf(child, level + 1, top, own);
    top += own;
    return boxes;
  });
  return [{ node, level, y, height }, ...parts];
}

/** Index of the box an arrow key leads to: left to the whole, right to the first part, up and down on one level; `at` where there is none. */
export function boxBeside(boxes: readonly Box[], at: number, key: string): number {
  const { level } = boxes[at];
  const before = (wanted: number): number => boxes.slice(0, at).findLastIndex((box) => box.level === wanted);
  const after = (wanted: number): number => boxes.findIndex((box, index) => index > at && box.level === wanted);
  const found = (index: number): number => (index < 0 ? at : index);
  switch (key) {
    case 'ArrowLeft':
      return found(before(level - 1));
    case 'ArrowRight':
      return boxes[at + 1]?.level === level + 1 ? at + 1 : at;
    case 'ArrowUp':
      return found(before(level));
    case 'ArrowDown':
      return found(after(level));
    default:
      return at;
  }
}
