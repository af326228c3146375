// The engine in a real browser: WebGL2 on the software renderer, and the worker as the window has it. Small
// shapes only: every new shape compiles shaders, which software rendering does slowly.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mergedSpec } from '../../src-shared/model/merged-spec';
import { repMlp } from '../../src-shared/model/blocks';
import { classifier, convBn, maxPool, relu } from '../../src-shared/model/layers';
import type { NetworkSpec } from '../../src-shared/model/spec';
import type { NamedTensors } from '../../src-shared/tensor/tensor';
import { caseSpec, largestDifference } from '../engine';
import { differenceFromPyTorch, FOUR_STEPS, FOUR_STEPS_TOLERANCE } from '../four-steps';
import { expectOfficialStep } from '../official-step';
import { group, readReferenceTensors, referenceCases, type ReferenceCase } from '../reference';
import { launchChromium, SOFTWARE_WEBGPU } from './chromium';
import type { TensorList } from './engine-page';
import { openIsolatedPage } from './isolated-page';

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await launchChromium(SOFTWARE_WEBGPU);
  page = await openIsolatedPage(browser, {
    page: 'tests/browser/engine-page.ts',
    'engine-page-worker': 'tests/browser/engine-page-worker.ts',
  });
  await page.waitForFunction(() => 'enginePage' in globalThis);
});

afterAll(() => browser?.close());

function listOf(tensors: NamedTensors): TensorList {
  const numbers = [...tensors].filter(([, { dtype }]) => dtype !== 'float64');
  return numbers.map(([name, { dtype, shape, data }]) => [name, dtype as 'float32' | 'int64', [...shape], Array.from(data, Number)]);
}

const named = (...ids: string[]): ReferenceCase[] => referenceCases.filter(({ id }) => ids.includes(id));

describe.each(['webgl', 'webgpu'] as const)('on %s', (backend) => {
  beforeAll(() => page.evaluate((name) => globalThis.enginePage.open(name), backend));

  test.each(referenceCases)('$id: both forms equal the double-precision official block', async (reference) => {
    const tensors = readReferenceTensors(reference.file);
    const spec = caseSpec(reference);
    const merged = group(tensors, reference.official_conversion_equivalent ? 'deploy' : 'fixed');
    const input = listOf(new Map([...tensors].filter(([name]) => name === 'x')));
    const truth = tensors.get('y64')?.data as Float64Array;
    for (const [form, weights] of [
      [spec, group(tensors, 'train')],
      [mergedSpec(spec), merged],
    ] as const) {
      const output = await page.evaluate(([s, w, x]) => globalThis.enginePage.forward(s, w, x), [form, listOf(weights), input] as const);
      // One float32 block on a GPU is measured at up to 2.4e-6 of its largest output; the official code's own error is up to 6e-7.
      expect(largestDifference(output, truth)).toBeLessThan(3e-6 * reference.metrics.max_abs_y64);
    }
  });

  // Each family of blocks once: grouped with partitions, depthwise groups, C != O on a rectangle, share-sets, GELU and erf.
  const trained = named('v1_k13_g2_gp2x2', 'v1_cneqo_6to2_k3_g2_gp2x2_rect', 'net_k135_s2_c8_2x2parts', 'net_ffn_c8_x4');
  test.each(trained)('$id: a training step equals the official one', async (reference) => {
    const tensors = readReferenceTensors(reference.file);
    const list = listOf(new Map([...tensors].filter(([name]) => /^(train|tm)\./.test(name))));
    const found = await page.evaluate(([s, t]) => globalThis.enginePage.trainingStep(s, t), [caseSpec(reference), list] as const);
    expectOfficialStep(new Map(found), tensors, 'float32 sums');
  });
});

/** What our kernels meet beyond the reference cases: strides, dilation, more branches and more rows than one draw takes, ReLU. */
const WIDE: NetworkSpec = {
  format: 'repmlp-network',
  version: 1,
  name: 'wide',
  task: 'classification',
  form: 'train',
  input: { channels: 4, height: 24, width: 20 },
  layers: [
    { ...convBn('strided', 4, 8, 3, 'relu'), stride: [2, 1], padding: [1, 0], groups: 2 },
    { ...convBn('dilated', 8, 8, 3, 'relu'), padding: [2, 3], dilation: [2, 1], groups: 4 },
    repMlp('mix', { C: 8, O: 4, H: 12, W: 22, h: 6, w: 11, kernels: [1, 3, 5, 7], reduction: 2, groups: 2 }),
    ...classifier('fc', 4, 10),
  ],
};

describe.each(['webgl', 'webgpu'] as const)('training on %s', (backend) => {
  beforeAll(() => page.evaluate((name) => globalThis.enginePage.open(name), backend));

  // AdamW divides a gradient of 1e-9, which is nothing but the rounding of a sum, by its own size: from the third step on what was
  // such a gradient's sign shows in the fourth digit of a norm (1.4e-4 seen). SGD's norms agree to 1.4e-7.
  test.each([
    ['sgd', FOUR_STEPS_TOLERANCE],
    ['adamw', 5e-4],
  ] as const)('four steps with %s, clipped, averaged, are those of PyTorch', async (kind, tolerance) => {
    const found = await page.evaluate(([k, b]) => globalThis.enginePage.fourSteps(k, b), [kind, backend] as const);
    const { where, relative } = differenceFromPyTorch(found, kind);
    expect(relative, where).toBeLessThan(tolerance);
    for (const step of [0, 1]) expect(Math.abs(found.losses[step] / FOUR_STEPS[kind].losses[step] - 1)).toBeLessThan(FOUR_STEPS_TOLERANCE);
    expect(found.batches).toBe(4);
  });

  test('every layer of a network with strides, dilation and many branches changes as on the CPU', async () => {
    const on = (name: 'cpu' | typeof backend) => page.evaluate(([s, b]) => globalThis.enginePage.plainSteps(s, b), [WIDE, name] as const);
    const [truth, found] = [await on('cpu'), await on(backend)];
    found.losses.forEach((loss, i) => expect(loss).toBeCloseTo(truth.losses[i], 4));
    expect(found.changes.map(([name]) => name)).toEqual(truth.changes.map(([name]) => name));
    for (const [i, [name, values]] of found.changes.entries()) {
      const expected = Float64Array.from(truth.changes[i][1]);
      const largest = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
      // Weights of size 1 are rounded to 6e-8, twice, and what batch norm takes away again is nothing but rounding.
      expect(largestDifference(values, expected), name).toBeLessThan(2e-5 * largest + 3e-7);
    }
  });
});

test('nothing is handed out that WebGPU computed after it had refused an operation; another start of it computes again', async () => {
  const { problem, sum } = await page.evaluate(() => globalThis.enginePage.afterRefusal());
  expect(problem).toContain('nothing computed on WebGPU can be used: its device refused an operation');
  expect(sum).toBe(3);
});

describe('between page and GPU', () => {
  beforeAll(() => page.evaluate(() => globalThis.enginePage.open('webgl')));

  test('a training step uploads its batch, and three are read back at once, when they are asked for', async () => {
    const settings = { C: 4, O: 4, H: 8, W: 8, h: 4, w: 4, kernels: [1, 3], reduction: 2, groups: 2 };
    const layers = [
      convBn('stem', 3, 4, 1, 'relu'),
      repMlp('mix', settings),
      relu('relu'),
      maxPool('pool', 2, 2),
      ...classifier('fc', 4, 10),
    ];
    const input = { channels: 3, height: 8, width: 8 };
    const spec: NetworkSpec = { format: 'repmlp-network', version: 1, name: 't', task: 'classification', form: 'train', input, layers };
    const { uploads, reads, readsOfResult } = await page.evaluate((s) => globalThis.enginePage.transfersOfStep(s), spec);
    expect([...uploads].sort((a, b) => a - b)).toEqual([2 * 10, 2 * 3 * 8 * 8]);
    expect([reads, readsOfResult]).toEqual([0, 1]);
  });
});

describe('the engine in a worker of the page', () => {
  test('prefers WASM to software WebGL, and says why', async () => {
    const backends = await page.evaluate(() => globalThis.enginePage.startEngine().backends());
    const webgl = backends.find(({ name }) => name === 'webgl');
    expect(webgl?.available).toBe(true);
    expect(webgl?.note).toContain('software');
    const events = await page.evaluate(async () => {
      const spec = {
        format: 'repmlp-network',
        version: 1,
        name: 't',
        task: 'classification',
        form: 'train',
        input: { channels: 3, height: 4, width: 4 },
        layers: [{ kind: 'flatten', name: 'flat' }],
      } as const;
      const input = { shape: [1, 3, 4, 4], dtype: 'float32', data: new Float32Array(48) } as const;
      return (await globalThis.enginePage.startEngine().forward({ spec, weights: new Map(), input, backend: 'auto', layers: false }))
        .backend;
    });
    expect(events).toBe('wasm');
  });

  test('runs WASM on more than one thread where the machine has them', async () => {
    const backends = await page.evaluate(() => globalThis.enginePage.startEngine().backends());
    const cores = await page.evaluate(() => navigator.hardwareConcurrency);
    const threads = Number(/(\d+) thread/.exec(backends.find(({ name }) => name === 'wasm')?.device ?? '')?.[1]);
    expect(threads).toBe(Math.min(8, cores));
  });
});
