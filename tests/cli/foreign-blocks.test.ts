// Checkpoints that the makers of this program did not make, through the command line: what is folded is right by the
// values that PyTorch gave, what cannot be told is said or asked, and nothing is dropped without a word.
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { VerifyReport } from '../../src-shared/merge/report';
import type { NamedTensors } from '../../src-shared/tensor/tensor';
import { toFloat64 } from '../../src-shared/tensor/convert';
import { referencePath } from '../reference';
import { largestDifference, repmlp, saved, temporaryFolder, tensorsOf } from './repmlp';

const foreign = (name: string): string => referencePath(`foreign/${name}`);

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});

/** Largest |found - right| over the tensors of `right`, as a share of the largest right value. */
function distance(found: NamedTensors, right: NamedTensors, prefix = ''): number {
  return Math.max(
    ...[...right].map(([name, tensor]) => {
      const own = found.get(prefix + name);
      if (own === undefined) throw new Error(`${name} is missing`);
      const values = toFloat64(tensor);
      return largestDifference(toFloat64(own), values) / Math.max(1e-9, ...values.map(Math.abs));
    }),
  );
}

async function mergeAndVerify(path: string, ...options: string[]) {
  const out = join(folder, `${path.replaceAll('/', '-')}-${options.join('')}.pth`);
  const merge = await repmlp(['merge', foreign(path), out, ...options]);
  const verify = await repmlp(['verify', foreign(path), out, ...options, '--json']);
  return { out, merge, verify };
}

describe('tensors of a block that the official code does not have', () => {
  const blocks = 'tensors-of-a-block-it-does-not-know';
  test.each([
    ['plain', 'plain_expected'],
    ['towhee_names', 'plain_expected'],
    ['conv_with_bias', 'conv_with_bias_expected'],
    ['fc3_with_bias', 'fc3_with_bias_expected'],
  ])('%s merges to the right FC3, and no branch is left', async (name, expected) => {
    const { out, merge, verify } = await mergeAndVerify(`${blocks}/${name}.pth`);
    expect([merge.code, verify.code]).toEqual([0, 0]);
    const [merged, right] = [await tensorsOf(out), await tensorsOf(foreign(`${blocks}/${expected}.pth`))];
    // Two or three roundings to float32.
    expect(distance(merged, right)).toBeLessThan(4e-7);
    expect([...merged.keys()].filter((key) => !key.startsWith('gp.')).sort()).toEqual(['fc3.bias', 'fc3.weight']);
    expect(merge.stderr).toMatch(/assumed a partition of 3x3/);
  });

  test('an extra tensor is named, and nothing is written', async () => {
    const tensors = await tensorsOf(foreign(`${blocks}/plain.pth`));
    const [, weight] = [...tensors][0];
    const path = await saved(folder, 'extra.pth', new Map([...tensors, ['layer_scale.gamma', weight]]));
    const { code, stderr } = await repmlp(['merge', path, join(folder, 'extra-merged.pth')]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('layer_scale.gamma is not part of the block')]);
  });

  test('a tensor left over in the merged file is refused', async () => {
    const { out } = await mergeAndVerify(`${blocks}/plain.pth`, '--partition', '3x3');
    const train = await tensorsOf(foreign(`${blocks}/plain.pth`));
    const [left] = [...train].filter(([name]) => name === 'repconv3.conv.weight');
    const path = await saved(folder, 'left-over.pth', new Map([...(await tensorsOf(out)), left]));
    const { code, stderr } = await repmlp(['verify', foreign(`${blocks}/plain.pth`), path, '--partition', '3x3']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('unexpected: repconv3.conv.weight')]);
  });
});

describe('a partition that shapes leave open', () => {
  const block = 'square-area-that-is-no-square/block_2x8.pth';

  test('is asked for, with the readings and the option', async () => {
    const { code, stderr } = await repmlp(['merge', foreign(block), join(folder, 'open.pth')]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/may be 4x4, 2x8, 8x2, 1x16 or 16x1.*--partition/);
  });

  test.each([
    ['--partition', '2x8'],
    ['--block', 'repmlpnet_block', '--config', foreign('square-area-that-is-no-square/config.json')],
  ])('%s %s gives the right merge', async (...options) => {
    const out = join(folder, `two-by-eight-${options.length}.pth`);
    expect((await repmlp(['merge', foreign(block), out, ...options])).code).toBe(0);
    expect(distance(await tensorsOf(out), await tensorsOf(foreign('square-area-that-is-no-square/block_2x8_expected.pth')))).toBeLessThan(
      4e-7,
    );
    expect((await repmlp(['verify', foreign(block), out, ...options])).code).toBe(0);
  });

  test('that does not divide the area is refused', async () => {
    const { code, stderr } = await repmlp(['merge', foreign(block), join(folder, 'no.pth'), '--partition', '3x']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--partition takes height x width')]);
  });
});

test.each(['v1_C4_O8', 'v1_C8_H8_h4_g2'])('%s: verify finds the merge of merge equivalent, and the assumption is said', async (name) => {
  const { merge, verify } = await mergeAndVerify(`verify-of-its-own-merge/${name}.pth`);
  expect([merge.code, verify.code]).toEqual([0, 0]);
  expect(merge.stderr).toMatch(/assumed a partition of/);
  expect((JSON.parse(verify.stdout) as VerifyReport).equivalent).toBe(true);
});

test('a merge with another partition than the assumed one is told from a wrong one', async () => {
  const train = foreign('verify-of-its-own-merge/v1_C4_O8.pth');
  const out = join(folder, 'strips.pth');
  expect((await repmlp(['merge', train, out, '--partition', '1x4'])).code).toBe(0);
  const { code, stderr } = await repmlp(['verify', train, out]);
  expect([code, stderr]).toEqual([0, expect.stringContaining('equivalent with a partition of 1x4')]);
});

test("--eps changes the merge of a plain state dict, and the merged file's remaining batch norms keep it", async () => {
  const plain = foreign('tensors-of-a-block-it-does-not-know/plain.pth');
  const [usual, other] = [join(folder, 'eps-usual.pth'), join(folder, 'eps-other.pth')];
  await repmlp(['merge', plain, usual]);
  const { code, stderr } = await repmlp(['merge', plain, other, '--eps', '0.5']);
  expect([code, stderr]).toEqual([0, expect.stringContaining('eps 0.5')]);
  expect(distance(await tensorsOf(other), await tensorsOf(usual))).toBeGreaterThan(0.01);
  expect((await repmlp(['verify', plain, other, '--eps', '0.5'])).code).toBe(0);
  expect((await repmlp(['verify', plain, other])).code).toBe(1);
  expect((await repmlp(['merge', plain, usual, '--force', '--eps', 'small'])).stderr).toContain('--eps takes a number');
});

describe('eps of 1e-3 in a whole pickled model', () => {
  const model = 'bn-eps-in-whole-model/eps_1e-3.pth';

  test('is used: the merge is the one that PyTorch computes, and verify says so', async () => {
    const { out, merge, verify } = await mergeAndVerify(model);
    expect([merge.code, verify.code]).toEqual([0, 0]);
    expect(merge.stderr).toMatch(/batch norms with eps 0\.001 from the file's modules/);
    expect(distance(await tensorsOf(out), await tensorsOf(foreign('bn-eps-in-whole-model/expected.pth')))).toBeLessThan(4e-7);
  });

  test('is not lost by convert without a word, and the merge of what was converted is right once it is said', async () => {
    const [plain, described] = [join(folder, 'eps-plain.pth'), join(folder, 'eps-described.safetensors')];
    expect((await repmlp(['convert', foreign(model), plain])).stderr).toMatch(
      /does not hold the eps of its batch norms, 0\.001: say --eps 0\.001/,
    );
    expect((await repmlp(['convert', foreign(model), described])).stderr).toBe('');
    const right = await tensorsOf(foreign('bn-eps-in-whole-model/expected.pth'));
    for (const [input, options] of [
      [plain, ['--eps', '1e-3', '--partition', '3x3']],
      [described, []],
    ] as const) {
      const out = `${input}-merged.safetensors`;
      expect((await repmlp(['merge', input, out, ...options])).code).toBe(0);
      expect(distance(await tensorsOf(out), right)).toBeLessThan(4e-7);
    }
  });
});

describe("mmpretrain's RepMLPNet", () => {
  const net = (name: string): string => foreign(`names-of-mmpretrain/${name}`);

  test('merges to its own names and values', async () => {
    const { out, merge, verify } = await mergeAndVerify('names-of-mmpretrain/train.pth');
    expect([merge.code, verify.code]).toEqual([0, 0]);
    const [merged, right] = [await tensorsOf(out), await tensorsOf(net('merged_expected.pth'))];
    expect([...merged.keys()]).toEqual([...right.keys()]);
    expect(distance(merged, right)).toBeLessThan(4e-7);
  });

  test.each(['model.', 'model._orig_mod.'])('is recognised behind %s, and merges under its own names', async (prefix) => {
    const wrapped = new Map([...(await tensorsOf(net('train.pth')))].map(([name, tensor]) => [prefix + name, tensor]));
    const path = await saved(folder, `${prefix}safetensors`, wrapped);
    expect((await repmlp(['merge', path, `${path}-merged.pth`])).code).toBe(0);
    expect(distance(await tensorsOf(`${path}-merged.pth`), await tensorsOf(net('merged_expected.pth')))).toBeLessThan(4e-7);
    expect((await repmlp(['cost', path, '--json'])).code).toBe(0);
  });

  test.each(['train.pth', 'merged_expected.pth'])('computes from %s what mmpretrain computes', async (file) => {
    const y = join(folder, `${file}.safetensors`);
    expect((await repmlp(['forward', net(file), '--input', net('x.safetensors'), '--output', y])).code).toBe(0);
    // The recorded output is PyTorch's float32; 14 layers of float32 sums on this side.
    expect(distance(await tensorsOf(y), await tensorsOf(net('y_expected.safetensors')))).toBeLessThan(5e-6);
  });
});
