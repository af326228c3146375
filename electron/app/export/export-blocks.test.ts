// Blocks of the official code of every family, merged here, exported, and run by ONNX Runtime against their training form.
import { describe, expect, test } from 'vitest';
import { decodeModel } from '@shared/checkpoint/onnx/messages';
import { onnxAnswer } from '@shared/merge/onnx-answer';
import { findGroups } from '@shared/merge/recipes/find-groups';
import { mergeGroups } from '@shared/merge/recipes/merge-groups';
import { blockDifference, exportedBlocks } from '@shared/proof/recipes/onnx-blocks';
import { floatTensor, tensorInfos } from '@shared/tensor/tensor';
import { familyCases, namedRecipes, settingsOf, trainWeights, type FamilyCase } from '../../../testing/families/cases';
import { exportGroups } from './export-blocks';

const source = { fileName: 'block.pth', sha256: null };

function groupsOf(one: FamilyCase) {
  const train = trainWeights(one);
  return { train, chosen: { found: findGroups(tensorInfos(train), { named: namedRecipes(one) }), settings: settingsOf(one) } };
}

/** Cases with a group that merges. */
const mergeable = familyCases.filter((one) => {
  const { train, chosen } = groupsOf(one);
  return one.family !== 'repmlpnet_multipart' && mergeGroups(train, chosen.found, { settings: chosen.settings }).merged.length > 0;
});

describe('merged blocks in ONNX Runtime', () => {
  test.each(mergeable.map((one) => [one.id, one] as const))(
    '%s agrees with its training form, or says why it cannot stand alone',
    async (_, one) => {
      const { train, chosen } = groupsOf(one);
      const found = await exportGroups(chosen, train, source, 1).catch((error: Error) => error);
      if (found instanceof Error) return expect(found.message).toContain('stored turned');
      expect(found.blocks.filter(({ equivalent }) => !equivalent)).toEqual([]);
      const model = decodeModel(Buffer.concat(found.parts));
      expect(onnxAnswer(model)).toMatchObject({ merged: true, opset: 17, batchNorms: [] });
      expect(JSON.parse(onnxAnswer(model).verdict ?? '')).toMatchObject({ equivalent: true });
    },
  );

  test('of most families there are some', () => {
    expect(new Set(mergeable.map(({ family }) => family)).size).toBeGreaterThan(12);
  });

  test('an output that is off where the block reads little is not let through', () => {
    const one = mergeable[0];
    const { train, chosen } = groupsOf(one);
    const made = mergeGroups(train, chosen.found, { settings: chosen.settings });
    const [block] = exportedBlocks(made.merged[0].group, train, made.weights, chosen.settings, 1) ?? [];
    const right = Float32Array.from(block.truth.data);
    expect(blockDifference(block, floatTensor(block.truth.shape, right)).worstShare).toBeLessThanOrEqual(1);
    right[3] += 1e-3 * Math.max(1, Math.abs(right[3]));
    expect(blockDifference(block, floatTensor(block.truth.shape, right)).worstShare).toBeGreaterThan(1);
  });
});
