// Re-parameterized families through the command line: what is found, merged, judged, asked and refused, with its exit codes.
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { caseTensors, familyCase, settingsOf, trainWeights } from '../../testing/families/cases';
import { shippedRecipe } from '../../src-shared/merge/recipes/shipped';
import { floatTensor, type NamedTensors, type Tensor } from '../../src-shared/tensor/tensor';
import { group, referencePath } from '../reference';
import { largestDifference, repmlp, saved, savedJson, temporaryFolder, tensorsOf } from './repmlp';

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});

// One case of each kind of difficulty; all are covered without a process each in src-shared.
const chosen: [id: string, options: string[]][] = [
  ['repvgg_model_1211', []],
  ['yolov9_repconvn_stress', ['--recipe', 'yolov9-repconvn']],
  ['dbb_groups2', []],
  ['unirep_block_k13', []],
  ['repvit_model', []],
  ['repadapter_groups4_scale', ['--setting', 'scale=0.1']],
  ['lora_float16', ['--setting', 'alpha=8']],
];

describe.each(chosen)('%s', (id, options) => {
  const one = familyCase(id);
  const at = (name: string): string => join(folder, `${id}-${name}.safetensors`);

  test('is found, merged to the official weights, and found equivalent to them and to ours', async () => {
    await saved(folder, `${id}-train.safetensors`, trainWeights(one));
    await saved(folder, `${id}-deploy.safetensors`, group(caseTensors(one), 'deploy'));
    const inspected = await repmlp(['inspect', at('train'), '--json']);
    expect((JSON.parse(inspected.stdout) as { groups: unknown[]; left: unknown[] }).groups.length).toBe(
      id.startsWith('yolov9') ? 0 : EXPECTED[id],
    );
    const merged = await repmlp(['merge', at('train'), at('ours'), ...options, '--json']);
    const summary = JSON.parse(merged.stdout) as { groups: { recipe: string }[]; left: unknown[] };
    expect([merged.code, summary.groups.length, summary.left]).toEqual([0, EXPECTED[id], []]);
    const ours = await tensorsOf(at('ours'));
    for (const [name, official] of group(caseTensors(one), 'deploy')) {
      const data = ours.get(name)?.data;
      expect([name, data?.length]).toEqual([name, official.data.length]);
      const largest = (official.data as Float32Array).reduce((a, b) => Math.max(a, Math.abs(b)), 0);
      const share = official.dtype === 'float16' ? 0 : 2e-6;
      expect(largestDifference(data as Float32Array, official.data as Float32Array), name).toBeLessThanOrEqual(
        share * Math.max(1, largest),
      );
    }
    for (const other of ['ours', 'deploy']) {
      const { code, stdout } = await repmlp(['verify', at('train'), at(other), ...options, '--json']);
      expect([other, code, (JSON.parse(stdout) as { equivalent: boolean }).equivalent]).toEqual([other, 0, true]);
    }
  });
});

/** Groups in each file: every block, every conv-BN unit, every adapted layer. */
const EXPECTED: Readonly<Record<string, number>> = {
  repvgg_model_1211: 6,
  yolov9_repconvn_stress: 1,
  dbb_groups2: 1,
  unirep_block_k13: 1,
  repvit_model: 13,
  repadapter_groups4_scale: 2,
  lora_float16: 1,
};

test('a pair without an exact single convolution is refused with the reason, and nothing is written', async () => {
  const train = await saved(folder, 'border.safetensors', trainWeights(familyCase('border_bias_1x1_then_3x3')));
  const out = join(folder, 'border-merged.safetensors');
  const { code, stderr } = await repmlp(['merge', train, out]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/nothing was merged[\s\S]*no exact single convolution exists/);
  await expect(tensorsOf(out)).rejects.toThrow();
});

test.each(['border_bias_1x1_then_5x5_groups2', 'repvit_stray_bn_dropped'])(
  'the official, wrong merge of %s fails the verdict',
  async (id) => {
    const train = await saved(folder, `${id}.safetensors`, trainWeights(familyCase(id)));
    const deploy = await saved(folder, `${id}-d.safetensors`, group(caseTensors(familyCase(id)), 'deploy'));
    const { code, stdout } = await repmlp(['verify', train, deploy]);
    expect([code, stdout]).toEqual([1, expect.stringMatching(/differs {3}.*\n[\s\S]*NOT equivalent/)]);
  },
);

test('a number that the weights do not hold is asked for; names that fit several families are, too', async () => {
  const adapter = await saved(folder, 'adapter.safetensors', trainWeights(familyCase('repadapter_groups2')));
  const first = await repmlp(['merge', adapter, join(folder, 'adapted.safetensors')]);
  expect([first.code, first.stderr]).toEqual([2, expect.stringMatching(/needed: scale/)]);
  const yolo = await saved(folder, 'yolo.safetensors', trainWeights(familyCase('yolov9_repconvn')));
  const second = await repmlp(['merge', yolo, join(folder, 'yolo-merged.safetensors')]);
  expect([second.code, second.stderr]).toEqual([2, expect.stringMatching(/several families have these names: .*eps/)]);
  const third = await repmlp(['merge', yolo, join(folder, 'yolo-merged.safetensors'), '--recipe', 'yolov9-repconv']);
  expect([third.code, third.stderr]).toEqual([
    2,
    expect.stringMatching(/there is no recipe yolov9-repconv; did you mean "yolov9-repconvn"/),
  ]);
});

test("an adapter in a file of its own merges with its configuration into the network's file", async () => {
  const one = familyCase('lora_rank_pattern');
  const all = [...trainWeights(one)];
  const host = await saved(folder, 'host.safetensors', new Map(all.filter(([name]) => !name.includes('lora_'))));
  const adapter = await saved(folder, 'adapter_model.safetensors', new Map(all.filter(([name]) => name.includes('lora_'))));
  const config = await savedJson(folder, 'config.json', { lora_alpha: 8, alpha_pattern: { v_proj: 6 } });
  const out = join(folder, 'host-merged.safetensors');
  expect(settingsOf(one)['a.v_proj:alpha']).toBe(6);
  const options = ['--adapter', adapter, '--adapter-config', config];
  expect((await repmlp(['merge', host, out, ...options])).code).toBe(0);
  const merged = await tensorsOf(out);
  for (const [name, { data }] of group(caseTensors(one), 'deploy'))
    expect(largestDifference(merged.get(name)?.data as Float32Array, data as Float32Array), name).toBeLessThanOrEqual(1e-6);
  expect((await repmlp(['verify', host, out, ...options])).code).toBe(0);
});

test('a recipe of a user is checked, with paths of what is wrong, and merges a family that nobody knew', async () => {
  const shipped = JSON.stringify(shippedRecipe('acnet'));
  const own = JSON.parse(shipped.replaceAll('square_conv', 'main').replaceAll('"acnet"', '"mine"')) as Record<string, unknown>;
  const file = await savedJson(folder, 'mine.json', own);
  expect(await repmlp(['recipe', 'check', file])).toMatchObject({ code: 0, stdout: expect.stringMatching(/a right recipe, mine/) });
  const broken = await savedJson(folder, 'broken.json', { ...own, merged: { fused_conv: 'total' }, colour: 1 });
  const checked = await repmlp(['recipe', 'check', broken, '--json']);
  expect([checked.code, JSON.parse(checked.stdout)]).toEqual([
    1,
    { valid: false, name: null, errors: [{ path: 'colour', message: 'is no field here' }] },
  ]);
  const weights = new Map([...trainWeights(familyCase('acnet_k3'))].map(([name, tensor]) => [name.replace('square_conv', 'main'), tensor]));
  const train = await saved(folder, 'mine.safetensors', weights);
  const out = join(folder, 'mine-merged.safetensors');
  expect((await repmlp(['merge', train, out])).code).toBe(2);
  expect((await repmlp(['merge', train, out, '--recipe', file])).code).toBe(0);
  expect((await repmlp(['verify', train, out, '--recipe', file])).code).toBe(0);
});

test('the shipped recipes are listed and shown, and the verdict catches every fault planted for it', async () => {
  expect((await repmlp(['recipe', 'list'])).stdout).toMatch(/repmixer +RepMixer of FastViT/);
  expect((await repmlp(['recipe', 'show', 'dbb'])).stdout).toMatch(/formula: K = K0 t0[\s\S]*1\. originFolded = foldBnAfter/);
  const { code, stdout } = await repmlp(['recipe', 'self-test']);
  expect([code, stdout.match(/^caught/gm)?.length, stdout.includes('MISSED')]).toEqual([0, 14, false]);
});

test('a file of several families says what was left and why', async () => {
  const weights = new Map([
    ...[...trainWeights(familyCase('repvgg_identity'))].map(([name, tensor]) => [`a.${name}`, tensor] as const),
    ...[...trainWeights(familyCase('replknet_9_none'))]
      .filter(([name]) => !name.includes('running'))
      .map(([name, tensor]) => [`b.${name}`, tensor] as const),
  ]);
  const train = await saved(folder, 'several.safetensors', weights);
  const { code, stderr, stdout } = await repmlp(['merge', train, join(folder, 'several-merged.safetensors')]);
  expect(code).toBe(0);
  expect(stderr).toMatch(/left as it is: b \(replknet\): no running statistics: the merge needs b\.lkb_origin\.bn\.running_mean/);
  expect(stdout).toMatch(/a: RepVGG \(repvgg\); assumed eps = 0\.00001/);
});

describe('a RepMLP block and a RepVGG block in one file', () => {
  const below = (prefix: string, tensors: NamedTensors): [string, Tensor][] =>
    [...tensors].map(([name, tensor]) => [prefix + name, tensor]);
  const foreign = (name: string): Promise<NamedTensors> => tensorsOf(referencePath(`foreign/tensors-of-a-block-it-does-not-know/${name}`));

  test('are merged together, what is assumed of the partition is said, and verify judges both', async () => {
    const train = new Map([
      ...below('mixer.', await foreign('plain.pth')),
      ...below('stage.', trainWeights(familyCase('repvgg_identity'))),
    ]);
    const [path, out] = [await saved(folder, 'both.safetensors', train), join(folder, 'both-merged.safetensors')];
    const merge = await repmlp(['merge', path, out, '--json']);
    expect(merge.code).toBe(0);
    expect((JSON.parse(merge.stdout) as { said: string[] }).said.join()).toMatch(/assumed a partition of 3x3 for block mixer/);
    const merged = await tensorsOf(out);
    for (const [name, { data }] of await foreign('plain_expected.pth'))
      expect(largestDifference(merged.get(`mixer.${name}`)?.data as Float32Array, data as Float32Array), name).toBeLessThan(2e-6);
    const verify = await repmlp(['verify', path, out]);
    expect([verify.code, verify.stdout]).toEqual([
      0,
      expect.stringMatching(/equivalent: 1 RepMLP, 1 group[^]*read: assumed a partition of 3x3/),
    ]);
  });

  test.each([
    ['mixer.fc3.weight', /differs +mixer \(RepMLP block\)/],
    ['stage.rbr_reparam.weight', /differs +stage\.rbr_reparam/],
    ['beside.bias', /differs +beside\.bias/],
  ])('are told from a merge with another %s', async (wrong, told) => {
    const [path, out] = [join(folder, `both-${wrong}.safetensors`), join(folder, `both-${wrong}-merged.safetensors`)];
    const beside: Tensor = floatTensor([2], Float32Array.of(1, 2));
    await saved(
      folder,
      `both-${wrong}.safetensors`,
      new Map([...(await tensorsOf(join(folder, 'both.safetensors'))), ['beside.bias', beside]]),
    );
    await repmlp(['merge', path, out]);
    const changed = new Map(
      [...(await tensorsOf(out))].map(([name, tensor]) =>
        name === wrong
          ? [
              name,
              floatTensor(
                tensor.shape,
                (tensor.data as Float32Array).map((value) => 1.01 * value),
              ),
            ]
          : [name, tensor],
      ),
    );
    const verify = await repmlp(['verify', path, await saved(folder, `both-${wrong}-changed.safetensors`, changed)]);
    expect([verify.code, verify.stdout]).toEqual([1, expect.stringMatching(told)]);
  });
});
