// Walking an icicle by the arrow keys.
import { expect, test } from 'vitest';
import { ledger } from '@shared/cost/ledger';
import { costTree } from '@shared/cost/cost-tree';
import { buildModel } from '@shared/model/zoo';
import { boxBeside, boxesOf, OPERATION } from './icicle-boxes';

const tree = costTree(ledger(buildModel('pure-mlp-small')), 'params');
const boxes = boxesOf(tree, 1e6);

/** The boxes that a series of keys passes, from the whole network on. */
function walk(...keys: string[]): string[] {
  let at = 0;
  return keys.map((key) => boxes[(at = boxBeside(boxes, at, key))].node.name);
}

test('right goes to the first part, left to the whole, and both end at the edges', () => {
  const [network, stage] = [tree, tree.children[0]];
  const [block] = stage.children;
  const names = [stage.name, block.name, block.children[0].name];
  expect(walk('ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight')).toEqual([...names, names[2]]);
  expect(walk('ArrowRight', 'ArrowRight', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft')).toEqual([
    names[0],
    names[1],
    names[0],
    network.name,
    network.name,
  ]);
});

test('up and down pass every box of a level and no other', () => {
  const first = boxes.findIndex(({ level }) => level === OPERATION);
  const passed = [first];
  for (let at = first; boxBeside(boxes, at, 'ArrowDown') !== at; ) passed.push((at = boxBeside(boxes, at, 'ArrowDown')));
  expect(passed).toEqual(boxes.flatMap(({ level }, index) => (level === OPERATION ? [index] : [])));
  for (let i = 1; i < passed.length; i++) expect(boxBeside(boxes, passed[i], 'ArrowUp')).toBe(passed[i - 1]);
});

test('other keys stay, and every box knows the operations it sums up', () => {
  expect(boxBeside(boxes, 3, 'Tab')).toBe(3);
  for (const { node } of boxes) expect(node.rows.reduce((sum, { params }) => sum + params, 0)).toBe(node.value);
});
