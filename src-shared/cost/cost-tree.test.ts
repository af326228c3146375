// The tree of a ledger and its icicle, on networks of the zoo.
import { describe, expect, test } from 'vitest';
import { buildModel } from '../model/zoo';
import { costBoxes, costTree } from './cost-tree';
import { ledger } from './ledger';

describe.each(['params', 'operations', 'bytes'] as const)('a tree of %s', (measure) => {
  const own = ledger(buildModel('pure-mlp-small'));
  const tree = costTree(own, measure);
  const boxes = costBoxes(tree, own[measure]);

  test('every part is as much as its operations, and all of them together as the ledger says', () => {
    for (const { node } of boxes) expect(node.rows.reduce((sum, row) => sum + row[measure], 0)).toBe(node.value);
    expect(boxes.filter(({ level }) => level === 3).map(({ node }) => node.name)).toEqual(
      own.layers.filter((row) => row[measure] > 0).map(({ name }) => name),
    );
  });

  test('at one unit of height for each of cost, a box is as high as its cost and begins where the one before it on its level ends', () => {
    for (const { node, height } of boxes) expect(height).toBeCloseTo(node.value, 3);
    for (const level of [0, 1, 2, 3]) {
      let end = 0;
      for (const { y, height } of boxes.filter((box) => box.level === level)) {
        expect(y).toBeCloseTo(end, 3);
        end = y + height;
      }
      expect(end).toBeCloseTo(own[measure], 3);
    }
  });

  test('the parts of a box follow it and lie beside it', () => {
    boxes.forEach(({ node, level, y }, index) => {
      if (node.children.length === 0) return;
      expect([boxes[index + 1].node, boxes[index + 1].level]).toEqual([node.children[0], level + 1]);
      expect(boxes[index + 1].y).toBeCloseTo(y, 3);
    });
  });
});
