// Wrappers, counters and twins of weights, whatever the format: shown on safetensors.
import { describe, expect, it } from 'vitest';
import type { Tensor, TensorInfo } from '../../tensor/tensor';
import { entriesOfTensors } from '../entries';
import { checkpointBytes, openCheckpointBytes } from '../in-memory';
import type { Choice } from './choose-weight-set';

const values = (...numbers: number[]): Tensor => ({ shape: [numbers.length], dtype: 'float32', data: Float32Array.from(numbers) });
const scalar = (value: number): Tensor => ({ shape: [], dtype: 'int64', data: BigInt64Array.of(BigInt(value)) });
const NETWORK = { 'conv.weight': values(1, 2), 'bn.running_mean': values(3), 'bn.num_batches_tracked': scalar(4) };
const prefixed = (prefix: string, tensors: Record<string, Tensor> = NETWORK): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]));

const open = async (tensors: Record<string, Tensor>, choice?: Choice) =>
  openCheckpointBytes(await checkpointBytes('safetensors', entriesOfTensors(new Map(Object.entries(tensors)))), 'x', choice);
const namesOf = ({ tensors }: { tensors: readonly TensorInfo[] }) => tensors.map(({ name }) => name);
/** Takes what has the network's names for the network. */
const isNetwork = (tensors: readonly TensorInfo[]) => namesOf({ tensors }).join() === Object.keys(NETWORK).join();

describe('prefixes', () => {
  it.each(['module.', '_orig_mod.', 'module._orig_mod.', '_fsdp_wrapped_module.module.'])('%s of wrappers is taken off', async (prefix) => {
    const file = await open(prefixed(prefix));
    expect([file.strippedPrefix, namesOf(file)]).toEqual([prefix, Object.keys(NETWORK)]);
  });

  it.each(['model.', 'model._orig_mod.', 'module.model.', 'net.backbone.'])(
    '%s is taken off where a known network is left',
    async (prefix) => {
      const file = await open(prefixed(prefix), { isNetwork });
      expect([file.strippedPrefix, namesOf(file)]).toEqual([prefix, Object.keys(NETWORK)]);
      expect((await file.read('conv.weight')).data).toEqual(Float32Array.of(1, 2));
    },
  );

  it('stay where the network is unknown, or known with them, or not all names have them', async () => {
    expect(namesOf(await open(prefixed('model.')))).toEqual(Object.keys(prefixed('model.')));
    expect(namesOf(await open(prefixed('model.'), { isNetwork: () => false }))).toEqual(Object.keys(prefixed('model.')));
    expect(namesOf(await open(prefixed('model.'), { isNetwork: () => true }))).toEqual(Object.keys(prefixed('model.')));
    expect((await open({ ...prefixed('module.'), 'other.weight': values(1) })).strippedPrefix).toBe('');
    expect((await open({ ...prefixed('model.'), 'other.weight': values(1) }, { isNetwork })).strippedPrefix).toBe('');
  });

  it('may have beside them what only training needs, which is named', async () => {
    const file = await open({ ...prefixed('model.'), 'criterion.weight': values(1, 2, 3) }, { isNetwork });
    expect(namesOf(file)).toEqual(Object.keys(NETWORK));
    expect(file.setAside).toEqual(['criterion.weight (float32 3)']);
  });
});

describe('counters', () => {
  it('of averaging and of thop are set aside and named, before prefixes are looked at', async () => {
    const counted = { ...prefixed('module.'), n_averaged: scalar(7), 'module.total_ops': values(9), total_params: values(9) };
    const file = await open(counted);
    expect([file.strippedPrefix, namesOf(file)]).toEqual(['module.', Object.keys(NETWORK)]);
    expect([...file.setAside].sort()).toEqual(['module.total_ops (float32 1)', 'n_averaged (int64 scalar)', 'total_params (float32 1)']);
  });

  it('are read where they are all there is', async () => {
    expect(namesOf(await open({ n_averaged: scalar(7) }))).toEqual(['n_averaged']);
  });
});

describe('twins in one list of names', () => {
  const averaged = { 'conv.weight': values(10, 20), 'bn.running_mean': values(30), 'bn.num_batches_tracked': scalar(40) };

  it.each([
    ['model.', 'ema.'],
    ['model.', 'ema.module.'],
    ['student.', 'teacher.'],
    ['', 'model_ema.'],
  ])('%s and %s are two sets, the averaged one under the names of the other', async (first, second) => {
    const tensors = { ...prefixed(first), ...prefixed(second, averaged) };
    const [trained, average] = [first, second].map((prefix) => prefix.split('.')[0]);
    const usual = await open(tensors, { isNetwork });
    expect(usual.weightSets.map(({ name, chosen }) => [name, chosen])).toEqual([
      [trained, true],
      [average, false],
    ]);
    const other = await open(tensors, { isNetwork, weights: average });
    expect([namesOf(usual), namesOf(other)]).toEqual([Object.keys(NETWORK), Object.keys(NETWORK)]);
    expect((await usual.read('conv.weight')).data).toEqual(Float32Array.of(1, 2));
    expect((await other.read('conv.weight')).data).toEqual(Float32Array.of(10, 20));
  });

  it('may have beside them what only training needs, and counters of their own', async () => {
    const beside = { 'criterion.weight': values(1, 2, 3), 'ema.n_averaged': scalar(7) };
    const tensors = { ...prefixed('model.'), ...prefixed('ema.', averaged), ...beside };
    for (const [weights, first] of [
      ['model', 1],
      ['ema', 10],
    ] as const) {
      const file = await open(tensors, { isNetwork, weights });
      expect([namesOf(file), (await file.read('conv.weight')).data[0]]).toEqual([Object.keys(NETWORK), first]);
      expect([...file.setAside].sort()).toEqual(['criterion.weight (float32 3)', 'ema.n_averaged (int64 scalar)']);
    }
  });

  it('with underscores for dots, and without statistics of their own, are found too', async () => {
    const file = await open({ ...NETWORK, ema_conv_weight: values(10, 20) }, { weights: 'ema' });
    expect(namesOf(file)).toEqual(Object.keys(NETWORK));
    expect((await file.read('conv.weight')).data).toEqual(Float32Array.of(10, 20));
    expect((await file.read('bn.running_mean')).data).toEqual(Float32Array.of(3));
  });

  it('are none where names do not pair, or are not called an average', async () => {
    const single = async (tensors: Record<string, Tensor>) => (await open(tensors)).weightSets.map(({ name }) => name);
    expect(await single({ ...prefixed('layer1.'), ...prefixed('layer2.', averaged) })).toEqual(['']);
    expect(await single({ ...prefixed('model.'), ...prefixed('ema.', { ...averaged, 'more.weight': values(1) }) })).toEqual(['']);
  });
});

describe('types this program does not hold', () => {
  const file = (entries: Record<string, [dtype: string, shape: number[], bytes: number]>) => {
    let end = 0;
    const header = Object.entries(entries).map(([name, [dtype, shape, length]]) => {
      end += length;
      return [name, { dtype, shape, data_offsets: [end - length, end] }] as const;
    });
    const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
    const bytes = new Uint8Array(8 + json.length + end);
    new DataView(bytes.buffer).setUint32(0, json.length, true);
    bytes.set(json, 8);
    return openCheckpointBytes(bytes, 'x');
  };

  it('are set aside as counters, whole numbers and under names beside the network', async () => {
    const opened = await file({
      w: ['F32', [1], 4],
      step: ['U64', [], 8],
      'net.steps': ['U32', [4], 16],
      table: ['U16', [3], 6],
      'net.k': ['U64', [], 8],
    });
    expect(namesOf(opened)).toEqual(['w']);
    expect(opened.setAside).toEqual(['step (U64 scalar)', 'net.steps (U32 4)', 'table (U16 3)', 'net.k (U64 scalar)']);
  });

  it.each([
    ['fc3.weight', 'U64', [1], 8],
    ['fc3.weight', 'F8_E4M3', [4], 4],
    ['net.mask', 'U32', [4], 16],
    ['net.scale', 'F8_E5M2', [1], 1],
  ] as const)('refuse the file where %s is %s', async (name, dtype, shape, length) => {
    await expect(file({ w: ['F32', [1], 4], [name]: [dtype, [...shape], length] })).rejects.toThrow(`keeps "${name}" as ${dtype}`);
  });

  it('and tensors without elements, wherever their values would be, do not disturb the others', async () => {
    const opened = await file({ empty: ['F32', [0, 4], 0], w: ['F32', [1], 4], nothing: ['U64', [0], 0], last: ['F16', [0], 0] });
    expect(namesOf(opened)).toEqual(['empty', 'w', 'last']);
    expect((await opened.readAll()).get('last')?.data).toEqual(new Uint16Array(0));
  });
});
