// Every reference case of the families through the command line: merged as a user would, run on the case's inputs, and judged.
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { settingsOf, caseTensors, familyCases, namedRecipes, trainWeights, type FamilyCase } from '../../testing/families/cases';
import { blockOutputs } from '../../testing/families/outputs';
import { group } from '../reference';
import { commandLine } from './in-process';
import { repmlp, saved, savedJson, temporaryFolder, tensorsOf } from './repmlp';

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});
/** Families that the program knows as networks, and cases that have no exact merge. */
const networks = familyCases.filter(({ family }) => family === 'repmlpnet_multipart');
const inexact = familyCases.filter(({ exact_single_conv_exists }) => exact_single_conv_exists === false);
const mergeable = familyCases.filter((one) => !networks.includes(one) && !inexact.includes(one));

/** What a user has to say of a case; eps is never among it, for each family's own is usual. */
function optionsOf(one: FamilyCase): string[] {
  return [
    ...namedRecipes(one).flatMap((name) => ['--recipe', name]),
    ...Object.entries(settingsOf(one)).flatMap(([name, value]) => (name === 'eps' ? [] : ['--setting', `${name}=${value}`])),
  ];
}

/** PyTorch's own float32 error on a case, in training form or in the official merge. */
function officialError({ metrics, official_conversion_equivalent: right }: FamilyCase): number {
  const { max_abs_deploy_minus_y64: deploy, small_max_abs_deploy_minus_y64: small = 0, max_abs_train_minus_y64: train = 0 } = metrics;
  return right ? Math.max(deploy, small, train) : (metrics.max_abs_fixed_minus_y64 ?? train);
}

test('there is a case of each family that the program ships, and all are tried here', () => {
  expect([mergeable.length, inexact.length, networks.length]).toEqual([110, 2, 2]);
});

describe('merged by the command line', () => {
  test.each(mergeable.map((one) => [one.id, one] as const))(
    "%s computes the truth within five times PyTorch's own error",
    async (id, one) => {
      const train = await saved(folder, `${id}.safetensors`, trainWeights(one));
      const ours = join(folder, `${id}-merged.safetensors`);
      const merged = await commandLine('merge', train, ours, ...optionsOf(one), '--json');
      expect([merged.code, merged.stderr]).toEqual([0, '']);
      expect((JSON.parse(merged.stdout) as { left: unknown[] }).left).toEqual([]);
      const outputs = blockOutputs(one, await tensorsOf(ours)) ?? [];
      expect(outputs.length).toBeGreaterThan(0);
      for (const { what, ours: values, truth } of outputs) {
        const worst = values.reduce((most, value, i) => Math.max(most, Math.abs(value - truth[i])), 0);
        expect(worst, what).toBeLessThanOrEqual(5 * officialError(one));
      }
      const judged = await commandLine('verify', train, ours, ...optionsOf(one), '--json');
      expect([judged.code, (JSON.parse(judged.stdout) as { equivalent: boolean }).equivalent]).toEqual([0, true]);
    },
  );
});

describe('the official merge', () => {
  const official = mergeable.filter(({ groups_of_tensors }) => groups_of_tensors.includes('deploy'));
  test.each(official.map((one) => [one.id, one] as const))('of %s is judged as what it is', async (id, one) => {
    const train = await saved(folder, `${id}-of.safetensors`, trainWeights(one));
    const deploy = await saved(folder, `${id}-deploy.safetensors`, group(caseTensors(one), 'deploy'));
    const { code } = await commandLine('verify', train, deploy, ...optionsOf(one));
    expect(code).toBe(one.official_conversion_equivalent ? 0 : 1);
  });

  const corrected = mergeable.filter(({ groups_of_tensors }) => groups_of_tensors.includes('fixed'));
  test.each(corrected.map((one) => [one.id, one] as const))('of %s, corrected, is equivalent', async (id, one) => {
    const train = await saved(folder, `${id}-for.safetensors`, trainWeights(one));
    const fixed = await saved(folder, `${id}-fixed.safetensors`, group(caseTensors(one), 'fixed'));
    const { code, stdout } = await commandLine('verify', train, fixed, ...optionsOf(one));
    expect([code, stdout]).toEqual([0, expect.stringMatching(/equivalent/)]);
  });
});

test.each(inexact.map((one) => [one.id, one] as const))(
  '%s is refused with the reason, nothing is written, and its official merge fails the verdict at the border alone',
  async (id, one) => {
    const train = await saved(folder, `${id}.safetensors`, trainWeights(one));
    const out = join(folder, `${id}-merged.safetensors`);
    const refused = await commandLine('merge', train, out);
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toMatch(/no exact single convolution exists.*bias.*outermost rows and columns/);
    await expect(tensorsOf(out)).rejects.toThrow();
    const deploy = await saved(folder, `${id}-deploy.safetensors`, group(caseTensors(one), 'deploy'));
    const judged = await commandLine('verify', train, deploy);
    expect([judged.code, judged.stdout]).toEqual([1, expect.stringMatching(/no exact single convolution exists/)]);
  },
);

test.each(networks.map((one) => [one.id, one] as const))('%s merges as the network it is', async (id, one) => {
  const train = await saved(folder, `${id}.safetensors`, trainWeights(one));
  const config = await savedJson(folder, `${id}.json`, one.config);
  const [x, y, ours] = ['x', 'y', 'merged'].map((part) => join(folder, `${id}-${part}.safetensors`));
  const how = ['--block', 'repmlpnet_model', '--config', config];
  expect((await repmlp(['merge', train, ours, ...how])).code).toBe(0);
  await saved(folder, `${id}-x.safetensors`, new Map([['x', caseTensors(one).get('x') ?? failed()]]));
  expect((await repmlp(['forward', ours, '--input', x, '--output', y, ...how])).code).toBe(0);
  const values = (await tensorsOf(y)).get('y')?.data as Float32Array;
  const truth = caseTensors(one).get('y64')?.data as Float64Array;
  const worst = values.reduce((most, value, i) => Math.max(most, Math.abs(value - truth[i])), 0);
  expect(worst).toBeLessThanOrEqual(5 * officialError(one));
  expect((await repmlp(['verify', train, ours, ...how])).code).toBe(0);
});

function failed(): never {
  throw new Error('the case has no input');
}
