import { expect, test } from 'vitest';
import { buildModel, zoo } from '../../model/zoo';
import { leavesOf } from '../../model/walk';
import { bothForms } from '../../cost/both-forms';
import { blockCount, diagramOf, leafCount } from './tree';

const NAMES = ['pure-mlp-small', 'repmlp-res50-light-224', 'repmlpnet-t224', 'pspnet50'].filter((name) =>
  zoo.some((entry) => entry.name === name),
);

test.each(NAMES)('the diagram of %s holds every leaf once and its cost adds up to the ledger', (name) => {
  const spec = buildModel(name);
  const { trainLedger } = bothForms(spec);
  const nodes = diagramOf(spec, trainLedger);
  const sum = (value: (node: (typeof nodes)[number]) => number) => nodes.reduce((total, node) => total + value(node), 0);
  expect(sum(leafCount)).toBe(leavesOf(spec).length);
  expect(sum(({ params }) => params)).toBe(trainLedger.params);
  expect(sum(({ macs }) => macs)).toBe(trainLedger.macs);
  expect(sum(blockCount)).toBe(leavesOf(spec).filter(({ layer }) => layer.kind === 'repmlp' || layer.kind === 'repmlpNetBlock').length);
});

test('a stage goes by the name its layers share', () => {
  const nodes = (name: string) => diagramOf(buildModel(name), bothForms(buildModel(name)).trainLedger);
  const stages = nodes('repmlpnet-t224').filter(({ layer }) => layer === null);
  expect(stages.map(({ name }) => name)).toEqual(['stages.0', 'stages.1', 'stages.2', 'stages.3']);
  expect(stages[1].branches[0].nodes.map(({ name }) => name)).toEqual(['0', '1']);
});

test('the example networks are in the zoo', () => {
  expect(NAMES.length).toBe(4);
});
