// The ledger of a single block, described by its constructor's arguments, against the official code's counts.
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { group, readReferenceTensors, referenceCases, referenceCosts } from '../../../tests/reference';
import { saved, savedJson, temporaryFolder, type Finished } from '../../../tests/cli/repmlp';
import { runCommandLine } from '../command-line';

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});

/** Runs the command line in this process. */
async function repmlp(args: readonly string[]): Promise<Finished> {
  const [out, err] = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockReturnValue(true));
  try {
    const code = await runCommandLine(args);
    const [stdout, stderr] = [out, err].map(({ mock }) => mock.calls.map(([text]) => String(text)).join(''));
    return { code, stdout, stderr };
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
}

describe('cost of a block', () => {
  const v1 = { in_channels: 64, out_channels: 64, H: 14, W: 14, h: 7, w: 7, reparam_conv_k: [1, 3, 5], fc3_groups: 8 };
  const unit = { channels: 96, h: 64, w: 64, reparam_conv_k: [1, 3], globalperceptron_reduce: 4, num_sharesets: 1 };
  type Counted = Record<
    'train' | 'merged',
    { input: number[]; layers: Record<'name' | 'kind' | 'params' | 'macs' | 'outputShape', unknown>[] }
  >;

  test.each([
    ['repmlp_v1', v1, 'RepMLP-Res50-bottleneck-224', 'stage3.1.btnk_repmlp.', [1, 64, 14, 14]],
    ['repmlpnet_unit', unit, 'RepMLPNet-B256', 'stages.0.0.', [1, 96, 64, 64]],
  ] as const)('%s is as the official code counts it inside a network, both forms', async (family, config, network, path, input) => {
    const { code, stdout } = await repmlp(['cost', '--block', family, '--config', await savedJson(folder, 'cost.json', config), '--json']);
    expect(code).toBe(0);
    const counted = JSON.parse(stdout) as Counted;
    for (const [form, official] of [
      ['train', 'train'],
      ['merged', 'deploy'],
    ] as const) {
      const inside = referenceCosts.per_layer[`${network}/${official}`].layers.filter(([name]) => name.startsWith(path));
      expect(inside.length).toBeGreaterThanOrEqual(3);
      expect(counted[form].layers.map(({ name, kind, params, macs, outputShape }) => [name, kind, params, macs, outputShape])).toEqual(
        inside.map(([name, ...counts]) => [name.slice(path.length), ...counts]),
      );
      expect(counted[form].input).toEqual(input);
    }
  });

  test('in a checkpoint counts the form the file is in, or says what does not fit', async () => {
    const { file, family, config } = referenceCases.find(({ id }) => id === 'v1_bottleneck_r2_in_ne_out') ?? referenceCases[0];
    const merged = await saved(folder, 'cost-merged.safetensors', group(readReferenceTensors(file), 'deploy'));
    const block = ['--block', family, '--config', await savedJson(folder, 'cost-block.json', config)];
    const { code, stdout } = await repmlp(['cost', merged, ...block, '--csv']);
    expect([
      code,
      new Set(
        stdout
          .trim()
          .split('\n')
          .map((line) => line.split(',')[0]),
      ),
    ]).toEqual([0, new Set(['form', 'merged'])]);
    const other = ['--block', 'repmlp_v1', '--config', await savedJson(folder, 'cost-other.json', v1)];
    const refused = await repmlp(['cost', merged, ...other]);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/do not fit repmlp_v1 .*missing:/)]);
  });

  test.each<[string[], RegExp]>([
    [['cost'], /say what to count: repmlp cost MODEL/],
    [['cost', '--block', 'repmlp_v1'], /--block repmlp_v1 needs --config/],
    [['cost', '--block', 'repmlp_v2', '--config', 'x.json'], /repmlp_v2.*Allowed choices are repmlp_v1,/],
    [['cost', '--config', 'x.json'], /--config goes with --block/],
    [['cost', '--block', 'repmlp_v1', '--config', 'x.json', '--set', 'g=4'], /--set goes with --model NAME/],
    [['cost', '--block', 'repmlp_v1', '--config', 'no-such.json'], /cannot read no-such\.json/],
    [['cost', 'resnet50', '--block', 'repmlp_v1', '--config', 'x.json'], /'resnet50' is a model and needs no --model, --block or --config/],
  ])('repmlp %j is refused in a sentence', async (args, sentence) => {
    const { code, stdout, stderr } = await repmlp(args);
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(sentence) as string });
  });

  test('with an impossible argument names it', async () => {
    const config = await savedJson(folder, 'cost-bad.json', { ...v1, h: 6 });
    const { code, stderr } = await repmlp(['cost', '--block', 'repmlp_v1', '--config', config]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/h = 6 must divide H = 14/)]);
  });
});
