// Maps on pictures: light by energy, the map repeated over the partitions of the feature map.
import { expect, test } from 'vitest';
import { buildModel } from '../model/zoo';
import { isRepBlock, type NetworkSpec } from '../model/spec';
import { leavesOf, withInputSize } from '../model/walk';
import { lightOf, litPicture, partitionsAt } from './overlay';

test('a block is repeated as often as its partition fits into its feature map, in both families', () => {
  const partitions = (spec: NetworkSpec) => leavesOf(spec).flatMap((visit) => (isRepBlock(visit.layer) ? [partitionsAt(visit)] : []));
  expect(partitions(buildModel('pure-mlp-small'))[0]).toEqual({ down: 4, across: 4 });
  const small = buildModel('repmlpnet-small');
  expect(partitions(small)[0]).toEqual({ down: 1, across: 1 });
  expect(partitions(withInputSize(small, 64, 96))[0]).toEqual({ down: 2, across: 3 });
});

test('equal energy is equal light in all maps that are compared', () => {
  expect(lightOf([0, 1, 2], 4)[2]).toBe(lightOf([2, 4], 4)[0]);
  expect(lightOf([4], 4)).toEqual([1]);
  expect(lightOf([0], 4)[0]).toBeGreaterThan(0);
});

test('each partition of the picture gets the same light', () => {
  const picture = { width: 1, height: 1, pixels: new Uint8ClampedArray([200, 100, 0, 255]) };
  const lit = litPicture(picture, [1, 0.5], { h: 1, w: 2 }, { down: 1, across: 2 }, 4);
  const red = Array.from({ length: 4 }, (_, x) => lit[4 * x]);
  expect(red).toEqual([200, 100, 200, 100]);
});
