// Cost and patterns of files of other families through the command line: their merged kernels, on a map that is asked for or said.
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { caseTensors, familyCase, trainWeights } from '../../testing/families/cases';
import { group } from '../reference';
import { repmlp, saved, temporaryFolder } from './repmlp';

let folder: string;
let vgg: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  vgg = await saved(folder, 'vgg.safetensors', trainWeights(familyCase('repvgg_model_1211')));
});

interface Cost {
  readonly assumed: string;
  readonly merged: {
    readonly params: number;
    readonly macs: number;
    readonly layers: readonly { name: string; macs: number; params: number }[];
  };
}

async function costOf(...args: string[]): Promise<Cost> {
  const { stdout, stderr } = await repmlp(['cost', ...args, '--json']);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Cost;
}

test('cost counts every merged layer of a RepVGG file on the map asked for, and says what is assumed', async () => {
  const deploy = await saved(folder, 'vgg-deploy.safetensors', group(caseTensors(familyCase('repvgg_model_1211')), 'deploy'));
  const { merged, assumed } = await costOf(vgg, '--map-size', '8x6');
  const kernels = [...group(caseTensors(familyCase('repvgg_model_1211')), 'deploy')].filter(([name]) =>
    name.endsWith('rbr_reparam.weight'),
  );
  expect(merged.layers.map(({ name, params, macs }) => ({ name, params, macs }))).toEqual(
    kernels.map(
      ([
        name,
        {
          shape: [O, C, K, L],
        },
      ]) => ({ name: name.replace('.weight', ''), params: O * C * K * L + O, macs: O * C * K * L * 48 }),
    ),
  );
  expect(assumed).toMatch(/map of 8x6 with stride 1/);
  expect(await costOf(deploy, '--map-size', '8x6')).toMatchObject({ merged: { macs: merged.macs, params: merged.params } });
});

test('cost without a map says the one it takes; what is only told of networks is refused, and nothing else is printed', async () => {
  expect((await costOf(vgg)).assumed).toMatch(/map of 14x14/);
  for (const options of [['--published'], ['--measure'], ['--out', join(folder, 'x.svg')]]) {
    const { code, stdout, stderr } = await repmlp(['cost', vgg, ...options]);
    expect([options[0], code, stdout]).toEqual([options[0], 2, '']);
    expect(stderr).toContain('only with a network that is known');
  }
  const known = await repmlp(['cost', 'bundled:pure-mlp-small', '--map-size', '7']);
  expect([known.code, known.stderr]).toEqual([2, expect.stringMatching(/--map-size goes with files/)]);
});

test('cost counts the branches too where the recipes tell what runs, and says why not where a kernel is built at every step', async () => {
  const { train, merged, difference } = (await costOf(vgg, '--map-size', '8x6')) as Cost & Record<'train' | 'difference', Cost['merged']>;
  const weights = [...trainWeights(familyCase('repvgg_model_1211'))].filter(
    ([name]) => name.includes('rbr_') && !/running|num_batches/.test(name),
  );
  const sizes = weights.map(([, { shape }]) => ({ shape, size: shape.reduce((a, b) => a * b, 1) }));
  expect(train.params).toBe(sizes.reduce((sum, { size }) => sum + size, 0));
  expect(train.macs).toBe(sizes.reduce((sum, { shape, size }) => sum + (shape.length === 4 ? size * 48 : 0), 0));
  expect([difference.params, difference.macs]).toEqual([merged.params - train.params, merged.macs - train.macs]);
  const orepa = await saved(folder, 'orepa.safetensors', trainWeights(familyCase('orepa_3x3')));
  const silent = await repmlp(['cost', orepa, '--json']);
  expect([silent.code, silent.stderr, JSON.parse(silent.stdout)]).toEqual([
    0,
    expect.stringMatching(/training form not counted: its recipe does not tell what the whole file \(orepa\) runs/),
    expect.not.objectContaining({ train: expect.anything() }),
  ]);
  const asked = await repmlp(['cost', orepa, '--form', 'train']);
  expect([asked.code, asked.stdout, asked.stderr]).toEqual([2, '', expect.stringMatching(/--form merged counts its merged layers/)]);
});

test('pattern tells how far merged large kernels look: a kernel is the same everywhere, and never farther than its half', async () => {
  const file = await saved(folder, 'replk.safetensors', trainWeights(familyCase('replknet_13_5')));
  const { stdout } = await repmlp(['pattern', file, '--map-size', '15', '--json']);
  const { kernels, assumed } = JSON.parse(stdout) as {
    assumed: string;
    kernels: {
      path: string;
      kernel: number[];
      map: number[];
      after: { energy: number; invariantShare: number; byDisplacement: number[] };
    }[];
  };
  expect(kernels.map(({ path, kernel, map }) => ({ path, kernel, map }))).toEqual([
    { path: 'lkb_reparam', kernel: [6, 1, 13, 13], map: [15, 15] },
  ]);
  expect(assumed).toMatch(/stride 1/);
  const [{ after }] = kernels;
  expect(after.invariantShare).toBeCloseTo(1, 12);
  // 29x29 displacements of a 15x15 map, of which a 13x13 kernel uses the 13x13 in the middle.
  const far = after.byDisplacement.filter((_, at) => Math.max(Math.abs(Math.floor(at / 29) - 14), Math.abs((at % 29) - 14)) > 6);
  expect([after.byDisplacement.length, Math.max(...far)]).toEqual([841, 0]);
  // Each tap stands in the matrix as often as its input lies on the map.
  const weight = group(caseTensors(familyCase('replknet_13_5')), 'deploy').get('lkb_reparam.weight')?.data as Float32Array;
  const energy = weight.reduce((sum, value, at) => {
    const [u, v] = [Math.floor(at / 13) % 13, at % 13];
    return sum + value * value * (15 - Math.abs(u - 6)) * (15 - Math.abs(v - 6));
  }, 0);
  expect(after.energy / energy).toBeCloseTo(1, 5);
});

test('pattern of one layer, as a table; a layer that is not there and a file of linear layers alone are refused with what there is', async () => {
  const { code, stdout } = await repmlp(['pattern', vgg, '--layer', 'stage2.1.rbr_reparam']);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/stage2\.1\.rbr_reparam +16x16x3x3 +7x7 +100\.0%/)]);
  const none = await repmlp(['pattern', vgg, '--layer', 'stage9']);
  expect([none.code, none.stderr]).toEqual([2, expect.stringMatching(/no merged layer stage9; it has stage0\.rbr_reparam/)]);
  const adapted = await saved(folder, 'adapted.safetensors', trainWeights(familyCase('repadapter_groups2')));
  const linear = await repmlp(['pattern', adapted, '--setting', 'scale=0.1']);
  expect([linear.code, linear.stderr]).toEqual([2, expect.stringMatching(/no merged kernel larger than 1x1/)]);
});
