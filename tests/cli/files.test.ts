// Files through the command line: inspect, merge, convert, cost, and what bad input is answered with.
import { existsSync, readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { elementCount, floatTensor, type Tensor } from '../../src-shared/tensor/tensor';
import type { VerifyReport } from '../../src-shared/merge/report';
import { referenceCosts, referencePath } from '../reference';
import { jsonOf, repmlp, saved, savedJson, temporaryFolder, tensorsOf } from './repmlp';

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});

interface Inspected {
  readonly format: string;
  readonly model: string | null;
  readonly form: string | null;
  readonly tensors: readonly { name: string; dtype: string; shape: number[] }[];
}

/** One clear sentence on stderr, nothing on stdout, exit code 2. */
function expectRefusal(result: { code: number | null; stdout: string; stderr: string }, sentence: RegExp): void {
  expect(result.stdout).toBe('');
  expect(result.stderr).toMatch(sentence);
  expect(result.stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(result.code).toBe(2);
}

test('inspect names format, model, form and tensors of a training checkpoint', async () => {
  const { code, stdout, stderr } = await repmlp(['inspect', referencePath('pth/net_tiny_ckpt_official_training.pth'), '--json']);
  const summary = JSON.parse(stdout) as Inspected;
  expect({ code, stderr, format: summary.format, form: summary.form, count: summary.tensors.length }).toEqual({
    code: 0,
    stderr: '',
    format: 'pth',
    form: 'train',
    count: 107,
  });
  expect(summary.tensors[0]).toEqual({ name: 'conv_embedding.conv.weight', dtype: 'float32', shape: [8, 3, 4, 4] });
});

describe('damaged and hostile files are refused in one sentence', () => {
  const files = readdirSync(referencePath('pth')).filter((name) => /^(bad|evil)_/.test(name));
  const reasons: Readonly<Record<string, RegExp>> = {
    'bad_html_download_page.pth': /web page/,
    'bad_empty.pth': /empty/,
    'bad_truncated_zip.pth': /cut off/,
    'evil_os_system.pth': /posix\.system/,
    'evil_builtins_eval.pth': /builtins\.eval/,
  };
  test.each(files)('%s', async (name) => {
    expectRefusal(await repmlp(['inspect', referencePath(`pth/${name}`)]), reasons[name] ?? /./);
  });
});

test('a merged .pth lists the tensors of the official deploy model, in its order', async () => {
  const out = join(folder, 'merged.pth');
  expect((await repmlp(['merge', referencePath('pth/net_tiny_train.pth'), out])).code).toBe(0);
  const names = [...(await tensorsOf(out)).keys()];
  const index = (await jsonOf(referencePath('pth/index.json'))) as { files: { file: string; tensors: { name: string }[] }[] };
  expect(names).toEqual(index.files.find(({ file }) => file === 'net_tiny_deploy.pth')?.tensors.map(({ name }) => name));
});

test('an existing file is kept unless --force says otherwise', async () => {
  const out = join(folder, 'kept.safetensors');
  await writeFile(out, 'mine');
  const merge = ['merge', referencePath('pth/net_tiny_train.pth'), out];
  expectRefusal(await repmlp(merge), /exists already.*--force/);
  expect(await readFile(out, 'utf8')).toBe('mine');
  expect((await repmlp([...merge, '--force'])).code).toBe(0);
});

test('weights that do not fit are answered with all that is wrong', async () => {
  const index = (await jsonOf(referencePath('pth/index.json'))) as { net_config: object };
  const config = await savedJson(folder, 'net.json', index.net_config);
  const out = join(folder, 'never.pth');
  const result = await repmlp([
    'merge',
    referencePath('pth/net_tiny_wrong_shapes.pth'),
    out,
    '--block',
    'repmlpnet_model',
    '--config',
    config,
  ]);
  expectRefusal(
    result,
    /missing: head\.bias; unexpected: unexpected\.extra; wrong shape: stages\.0\.0\.repmlp_block\.fc3\.weight is 3x3x1x1, expected 128x64x1x1/,
  );
  expect(existsSync(out)).toBe(false);
});

test('a file survives the round through all three formats', async () => {
  const source = referencePath('pth/net_tiny_train.pth');
  const [npz, safetensors, pth] = ['a.npz', 'b.safetensors', 'c.pth'].map((name) => join(folder, name));
  for (const [from, to] of [
    [source, npz],
    [npz, safetensors],
    [safetensors, pth],
  ])
    expect((await repmlp(['convert', from, to])).code).toBe(0);
  expect(await tensorsOf(pth)).toEqual(await tensorsOf(source));
});

test('cost counts as the official code does', async () => {
  const { stdout } = await repmlp(['cost', 'repmlpnet-t224', '--json']);
  const cost = JSON.parse(stdout) as Record<'train' | 'merged', { params: number; macs: number; layers: { name: string }[] }>;
  const official = referenceCosts.summary.find(({ model }) => model === 'RepMLPNet-T224');
  expect({ params: cost.train.params, macs: cost.train.macs }).toEqual({ params: official?.train.params, macs: official?.train.macs });
  expect({ params: cost.merged.params, macs: cost.merged.macs }).toEqual({ params: official?.deploy.params, macs: official?.deploy.macs });
  expect(cost.train.layers[0].name).toBe('conv_embedding.conv');
});

test('a merge says where its result is not finite', async () => {
  const weights = new Map(await tensorsOf(referencePath('pth/net_tiny_train.pth')));
  weights.set('conv_embedding.bn.weight', floatTensor([8], new Float32Array(8).fill(NaN)));
  const { code, stderr } = await repmlp(['merge', await saved(folder, 'nan.pth', weights), join(folder, 'nan-merged.pth')]);
  expect(stderr).toMatch(/NaN or infinite values in conv_embedding\.bn\.weight/);
  expect(code).toBe(0);
});

test('the proof finds the layer with NaN, names the weight, and its JSON keeps infinities', async () => {
  const train = new Map(await tensorsOf(referencePath('pth/net_tiny_train.pth')));
  const name = 'stages.1.0.repmlp_block.repconv3.conv.weight';
  const kernel = train.get(name) as Tensor;
  const broken = new Map(train).set(name, { ...kernel, data: (kernel.data as Float32Array).slice().fill(NaN, 4, 5) });
  const at = { train: await saved(folder, 'nan-inside.pth', broken), merged: join(folder, 'nan-inside-merged.pth') };
  await repmlp(['merge', at.train, at.merged]);
  const { code, stdout } = await repmlp(['verify', at.train, at.merged, '--json']);
  const report = JSON.parse(stdout) as Record<string, unknown>;
  expect({ code, equivalent: report.equivalent, first: report.firstDivergentLayer }).toEqual({
    code: 1,
    equivalent: false,
    first: 'stages.1.0.repmlp_block',
  });
  expect([report.maxAbs, report.maxRel]).toEqual(['Infinity', 'Infinity']);
  const told = await repmlp(['verify', at.train, at.merged]);
  expect(told.stdout).toContain(`its weights cannot be used: ${name} at [0, 0, 1, 1] is NaN (train form)`);
});

describe('blocks inside an unknown network', () => {
  const network = async (): Promise<Map<string, Tensor>> => {
    const block = await tensorsOf(referencePath('pth/v1_block_fp64.pth'));
    const named = [...block].map(([name, tensor]): [string, Tensor] => [`trunk.mixer.${name}`, tensor]);
    return new Map([...named, ['head.weight', floatTensor([2], Float32Array.of(1, 1e5))]]);
  };

  test('are merged where they stand, and the proof compares each', async () => {
    const train = await saved(folder, 'foreign.pth', await network());
    const merged = join(folder, 'foreign-merged.safetensors');
    const { stderr } = await repmlp(['merge', train, merged, '--fuse-all']);
    expect(stderr).toMatch(/is no network known here; merging the block found inside/);
    expect(stderr).toContain('--fuse-all does nothing here');
    const right = await repmlp(['verify', train, merged, '--json']);
    const report = JSON.parse(right.stdout) as VerifyReport;
    expect([right.code, report.equivalent, report.layers.map(({ path }) => path)]).toEqual([0, true, ['trunk.mixer']]);
    const x = new Map([
      ['trunk.mixer', floatTensor(report.inputs.shape ?? [], new Float32Array(elementCount(report.inputs.shape ?? [])).fill(1))],
    ]);
    const own = await saved(folder, 'foreign-x.safetensors', x);
    expect((await repmlp(['verify', train, merged, '--input', own])).stdout).toMatch(
      /^inputs: .*foreign-x\.safetensors, the block on its own, 4x/m,
    );
    const other = await saved(folder, 'foreign-y.safetensors', new Map([['y', floatTensor([1], new Float32Array(1))]]));
    expectRefusal(await repmlp(['verify', train, merged, '--input', other]), /no tensor called trunk\.mixer or x; it has y/);
    const damaged = new Map(await tensorsOf(merged));
    const matrix = damaged.get('trunk.mixer.fc3.weight') as Tensor;
    damaged.set('trunk.mixer.fc3.weight', { ...matrix, data: matrix.data.slice().reverse() });
    const wrong = await repmlp(['verify', train, await saved(folder, 'foreign-wrong.pth', damaged)]);
    expect([wrong.code, wrong.stdout]).toEqual([1, expect.stringMatching(/NOT equivalent.*First layer that differs: trunk\.mixer/s)]);
  });

  test('are stored in half precision with a word on what that type cannot hold', async () => {
    const train = await saved(folder, 'foreign-large.pth', await network());
    const { code, stderr } = await repmlp(['merge', train, join(folder, 'half.pth'), '--dtype', 'float16']);
    expect(stderr).toMatch(/values in head\.weight are too large for float16/);
    expect(code).toBe(0);
    const convert = await repmlp(['convert', train, join(folder, 'half-converted.npz'), '--dtype', 'float16']);
    expect(convert.stderr).toMatch(/values in head\.weight are too large for float16/);
  });
});

describe('bad usage is answered in one sentence', () => {
  test.each<[string[], RegExp]>([
    [[], /repmlp demo/],
    [['dance'], /unknown command 'dance'/],
    [['cost', 'repmlpnet-t22'], /did you mean repmlpnet-t224/],
    [['cost', 'resnet50', '--set', 'g'], /KEY=VALUE/],
    [['inspect', 'no-such-file.pth'], /no-such-file\.pth.*no such file/],
    [['cost', 'no-such-file.pth'], /no-such-file\.pth.*no such file/],
    [
      ['train', '--model', 'pure-mlp-small', '--data', 'shapes', '--out', 'x', '--seed', '99999999999999999999'],
      /--seed takes a whole number/,
    ],
    [['merge', 'a.pth'], /missing required argument 'out'/],
    [['train', '--model', 'pure-mlp-small', '--out', 'x'], /--data/],
    [['serve', '--port', 'high'], /--port takes a whole number/],
  ])('repmlp %j', async (args, sentence) => {
    expectRefusal(await repmlp(args), sentence);
  });

  test('a batch of no images', async () => {
    const input = await saved(folder, 'none.safetensors', new Map([['x', floatTensor([0, 3, 32, 32], new Float32Array(0))]]));
    const network = referencePath('pth/net_tiny_train.pth');
    expectRefusal(
      await repmlp(['forward', network, '--input', input, '--output', join(folder, 'y.npz')]),
      /none of them 0; it is 0x3x32x32/,
    );
  });

  test('weights that do not fit are compared in the form they are in', async () => {
    const args = ['merge', referencePath('pth/net_tiny_train.pth'), join(folder, 'misfit.pth'), '--model', 'repmlpnet-b224'];
    expectRefusal(await repmlp(args), /do not fit repmlpnet-b224 \(train form\): missing: stages.*they do fit repmlpnet-small/);
  });

  test('two files in train form, and two networks that take other inputs', async () => {
    const [train, block] = [referencePath('pth/net_tiny_train.pth'), referencePath('pth/v1_block_fp64.pth')];
    expectRefusal(await repmlp(['verify', train, train]), /train form too; give the merged file second/);
    const merged = join(folder, 'block.npz');
    await repmlp(['merge', block, merged]);
    expectRefusal(await repmlp(['verify', train, merged]), /different networks: repmlpnet-small and repmlp_v1/);
  });

  test('a block without its running statistics', async () => {
    const { code, stderr } = await repmlp(['merge', referencePath('pth/v1_block_parameters.pth'), join(folder, 'part.pth')]);
    expect(stderr).toMatch(
      /v1_block_parameters\.pth: the block inside cannot be merged: \S+\.running_mean is missing: save the whole state_dict/,
    );
    expect(code).toBe(2);
  });

  test('integers where a block of an unknown network keeps its weights', async () => {
    const block = [...(await tensorsOf(referencePath('pth/v1_block_fp64.pth')))].map(([name, tensor]): [string, Tensor] => [
      `trunk.${name}`,
      name === 'fc3.weight' ? { ...tensor, dtype: 'int64', data: new BigInt64Array(tensor.data.length) } : tensor,
    ]);
    const foreign = await saved(folder, 'int.pth', new Map([...block, ['head.weight', floatTensor([1], Float32Array.of(1))]]));
    const out = join(folder, 'int-merged.pth');
    expectRefusal(
      await repmlp(['merge', foreign, out]),
      /int\.pth: the block trunk cannot be merged: trunk\.fc3\.weight is int64, expected a float type/,
    );
    expect(existsSync(out)).toBe(false);
    expect((await repmlp(['inspect', foreign])).stdout).toMatch(/trunk.*trunk\.fc3\.weight is int64/);
  });

  test('a slip in a hand-written configuration', async () => {
    const config = await savedJson(folder, 'slip.json', {
      in_channels: 4,
      out_channels: 4,
      H: 4,
      W: 4,
      h: 4,
      w: 4,
      reparam_conv_k: [1],
      fc3_group: 2,
    });
    const args = ['merge', referencePath('pth/v1_block_fp64.pth'), join(folder, 'slip.pth'), '--block', 'repmlp_v1', '--config', config];
    expectRefusal(await repmlp(args), /fc3_group: is no field here; did you mean "fc3_groups"\?/);
  });

  test('the train form of merged weights', async () => {
    const merged = referencePath('pth/net_tiny_deploy.pth');
    expectRefusal(await repmlp(['cost', merged, '--form', 'train']), /merged form: its branches are gone/);
  });

  test('a broken run folder', async () => {
    await writeFile(join(folder, 'run.json'), '{"format": "repmlp-run"');
    expectRefusal(await repmlp(['pattern', folder]), /run\.json is damaged/);
  });
});

describe('half precision on request', () => {
  const train = referencePath('pth/net_tiny_train.pth');

  test.each(['float16', 'bfloat16'])('a merge stored in %s is equivalent, with the rounding stated', async (dtype) => {
    const out = join(folder, `${dtype}.pth`);
    expect((await repmlp(['merge', train, out, '--dtype', dtype])).code).toBe(0);
    const { code, stdout } = await repmlp(['verify', train, out]);
    expect(stdout).toMatch(
      new RegExp(`stored as float32 \\(train\\) and ${dtype} \\(merged\\); rounding to ${dtype} changes a weight by up to 2\\^-`),
    );
    expect(code).toBe(0);
  });

  test('--dtype same keeps the type of the input', async () => {
    const [half, merged] = [join(folder, 'half.safetensors'), join(folder, 'half-merged.pth')];
    expect((await repmlp(['convert', train, half, '--dtype', 'float16'])).code).toBe(0);
    expect((await repmlp(['merge', half, merged, '--dtype', 'same'])).code).toBe(0);
    const floating = [...(await tensorsOf(merged)).values()].filter(({ dtype }) => dtype !== 'int64');
    expect(new Set(floating.map(({ dtype }) => dtype))).toEqual(new Set(['float16']));
    const { code, stdout } = await repmlp(['verify', half, merged, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ storage: { train: ['float16'], merged: ['float16'], unitRoundoff: 2 ** -11 } });
    expect(code).toBe(0);
  });
});
