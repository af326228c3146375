// Walking the boxes of an icicle. Invariant: boxes stand in depth-first order, so that the parts of a box follow it.
import { costBoxes, type CostBox, type CostNode } from '@shared/cost/cost-tree';

/** Level of the operations. */
export const OPERATION = 3;
/** Height below which a box is not drawn. */
const HAIR = 0.2;

/** The boxes of a tree that can be seen at this height. */
export function boxesOf(tree: CostNode, height: number): CostBox[] {
  return costBoxes(tree, height).filter((box) => box.height >= HAIR);
}

/** Index of the box an arrow key leads to: left to the whole, right to the first part, up and down on one level; `at` where there is none. */
export function boxBeside(boxes: readonly CostBox[], at: number, key: string): number {
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
