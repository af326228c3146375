// What training scripts keep beside the weights and around them: it is read as data, and a file is refused
// only where a weight depends on what cannot be read.
import { describe, expect, it } from 'vitest';
import { inArchive, inLegacyFile } from '../../../testing/fuzz/streams';
import { openCheckpointBytes } from '../in-memory';

const bytes = (latin1: string): Uint8Array => Uint8Array.from(latin1, (character) => character.charCodeAt(0));
const text = (value: string) => `X${String.fromCharCode(value.length)}\0\0\0${value}`;
const int = (value: number) => `K${String.fromCharCode(value)}`;
const storage = (type = 'torch\nFloatStorage', count = 24) => `(${text('storage')}c${type}\n${text('0')}${text('cpu')}${int(count)}tQ`;
/** A tensor on the file's one storage, whose bytes are all 1. */
const tensor = (...shape: number[]) => {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  return `ctorch._utils\n_rebuild_tensor_v2\n(${storage()}K\x00(${shape.map(int).join('')}t(${strides.map(int).join('')}t\x89NtR`;
};
const T = tensor(2, 3);
const dict = (entries: Record<string, string>) =>
  `}(${Object.entries(entries)
    .map(([key, value]) => text(key) + value)
    .join('')}u`;
const object = (name: string, state: string) => `c${name}\n)\x81${state}b`;
const call = (name: string, ...args: string[]) => `c${name}\n(${args.join('')}tR`;
/** A NumPy array as protocol 2 pickles it. */
const numpy = (code: string, order: string, shape: number[], content: string, fortran = '\x89') => {
  const utf8 = Array.from(content, (c) =>
    c < '\x80' ? c : `${String.fromCharCode(0xc0 | (c.charCodeAt(0) >> 6))}${String.fromCharCode(0x80 | (c.charCodeAt(0) & 63))}`,
  ).join('');
  const type = `${call('numpy\ndtype', text(code), '\x89', '\x88')}(K\x03${text(order)}NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb`;
  const raw = `c_codecs\nencode\n${text(utf8)}${text('latin1')}\x86R`;
  return `${call('numpy.core.multiarray\n_reconstruct', 'cnumpy\nndarray\n', 'K\x00\x85', raw)}(K\x01(${shape.map(int).join('')}t${type}${fortran}${raw}tb`;
};
const sparse = `ctorch._utils\n_rebuild_sparse_tensor\n(N(${T}${T}${int(2)}ttR`;

const open = async (body: string, weights?: string) =>
  openCheckpointBytes(await inArchive(bytes(`\x80\x02${body}.`)), 'x.pth', { weights });
const namesOf = async (body: string) => (await open(body)).tensors.map(({ name }) => name);

describe('values beside the weights', () => {
  it.each([
    ['functools.partial', call('functools\npartial', 'cmy.module\nrun\n')],
    ['an enum', `cmy.module\nMode\n${text('a')}\x85R`],
    ['getattr of a class', `c__builtin__\ngetattr\ncnumpy\nndarray\n${text('mean')}\x86R`],
    ['a SimpleNamespace', `ctypes\nSimpleNamespace\n)R${dict({ lr: 'K\x01' })}b`],
    [
      'a numpy generator',
      `${call('numpy.random._pickle\n__generator_ctor', text('PCG64'))}${dict({ state: numpy('u8', '<', [2], '\x01'.repeat(16)) })}b`,
    ],
    ['a regular expression', call('re\n_compile', text('a+'), int(32))],
    ['a sparse tensor', sparse],
    ['a quantized tensor', call('torch._utils\n_rebuild_qtensor', storage('torch\nQInt8Storage'), 'K\x00', ')', ')')],
    ['a tensor in an unknown way', call('torch._utils\n_rebuild_tensor_v9', storage())],
    [
      'a tensor in an unknown storage',
      `ctorch._utils\n_rebuild_tensor_v2\n(${storage('torch\nFutureStorage')}K\x00K\x02\x85K\x01\x85\x89NtR`,
    ],
    ['an OrderedDict subclass', `cmy.module\nDict\n)R(${text('a')}K\x01u`],
    ['an argparse.Namespace', object('argparse\nNamespace', dict({ batch: int(4) }))],
  ])('such as %s are kept inert', async (_what, value) => {
    expect(await namesOf(dict({ model: dict({ w: T }), extra: value, epoch: int(3) }))).toEqual(['w']);
    const legacy = inLegacyFile(bytes(`\x80\x02${dict({ model: dict({ w: T }), epoch: int(3) })}.`));
    expect((await openCheckpointBytes(legacy, 'x')).metadata.epoch).toBe('3');
  });

  it('that run programs refuse the file wherever they stand', async () => {
    for (const name of ['posix\nsystem', 'builtins\neval', 'subprocess\nPopen'])
      await expect(open(dict({ model: dict({ w: T }), config: call(name, text('ls')) }))).rejects.toThrow(name.replace('\n', '.'));
  });
});

describe('a value that a weight depends on', () => {
  it.each([
    ['sparse', sparse, '"net.adj" as a sparse tensor'],
    ['quantized', call('torch._utils\n_rebuild_qtensor', storage('torch\nQInt8Storage')), '"net.adj" as a quantized tensor'],
    ['made in an unknown way', call('torch._utils\n_rebuild_future'), '"net.adj" as a tensor made by "torch._utils._rebuild_future"'],
    ['of a foreign kind', `ctorch._tensor\n_rebuild_from_type_v2\n(cmy\nmake\ncmy\nKind\n)}tR`, '"net.adj" as a "my.Kind"'],
    ['packed', `${call('torch._utils\n_rebuild_qtensor', storage('torch\nQInt8Storage'))}N\x86`, '"net.adj" as a list'],
    ['negated', `ctorch._utils\n_rebuild_tensor_v2\n(${storage()}K\x00K\x02\x85K\x01\x85\x89N${dict({ neg: '\x88' })}tR`, 'negated'],
  ])('and is %s refuses the file by its name', async (_what, value, why) => {
    await expect(open(dict({ 'net.w': T, 'net.adj': value }))).rejects.toThrow(why);
  });

  it('is told by the name of a weight even where it is no tensor, and is set aside under other names', async () => {
    await expect(open(dict({ model: dict({ w: T, 'fc3.bias': object('my\nPacked', '}') }) }))).rejects.toThrow(
      '"fc3.bias" as a "my.Packed"',
    );
    const file = await open(dict({ model: dict({ w: T, note: text('hello'), none: 'N', adjacency: sparse }) }));
    expect(file.tensors.map(({ name }) => name)).toEqual(['w']);
    expect(file.setAside).toEqual(['note (a text)', 'adjacency (a sparse tensor)']);
  });
});

describe('sets of weights', () => {
  const setsOf = async (body: string, weights?: string) =>
    (await open(body, weights)).weightSets.map(({ name, tensors, chosen }) => `${name}:${tensors}${chosen ? '*' : ''}`);
  const weights = dict({ a: T, b: T });

  it('are all listed, the usual one is chosen, and another one by its name or the end of it', async () => {
    const body = dict({ ema: dict({ a: T, b: T }), model: weights, optimizer: dict({ c: T, d: T }), loss: T });
    expect(await setsOf(body)).toEqual(['model:2*', 'ema:2']);
    expect(await setsOf(body, 'ema')).toEqual(['model:2', 'ema:2*']);
    const deep = dict({ state_dict: weights, callbacks: dict({ EMA: dict({ state_dict_ema: dict({ a: T, b: T }) }) }) });
    expect(await setsOf(deep, 'state_dict_ema')).toEqual(['state_dict:2', 'callbacks.EMA.state_dict_ema:2*']);
    await expect(open(body, 'teacher')).rejects.toThrow('no set of weights called "teacher"; it holds model (2 tensors), ema (2 tensors)');
  });

  it('are none of what an optimizer keeps, under whatever key', async () => {
    const state = `}(K\x00${dict({ exp_avg: T, exp_avg_sq: T })}K\x01${dict({ exp_avg: T, exp_avg_sq: T })}u`;
    const sgd = dict({ state: dict({ 'fc.weight': dict({ momentum_buffer: T, more: T }) }), param_groups: ']' });
    expect(await setsOf(dict({ net: weights, opt: dict({ state, param_groups: `](${dict({ params: ']' })}e` }), sgd }))).toEqual([
      'net:2*',
    ]);
  });

  it('are found in lists, tuples, pairs of name and tensor, objects and arrays', async () => {
    const at = async (body: string) => (await open(body)).stateDictAt;
    expect(await at(`](${weights}${dict({ lr: int(1) })}e`)).toBe('0');
    expect(await at(`${weights}${int(7)}\x86`)).toBe('0');
    expect(await at(`](${text('a')}${T}\x86${text('b')}${T}\x86e`)).toBe('');
    expect(await namesOf(`](${text('a')}${T}\x86${text('b')}${T}\x86e`)).toEqual(['a', 'b']);
    expect(await namesOf(`](${T}${T}e`)).toEqual(['0', '1']);
    expect(await at(call('my\nCheckpoint', weights, int(3)))).toBe('0');
    expect(await at(object('my\nTrainer', dict({ network: weights })))).toBe('network');
    expect(await namesOf(`cmy\nStateDict\n)R(${text('a')}${T}u`)).toEqual(['a']);
  });
});

describe('arrays of NumPy', () => {
  it('are weights in either byte order and in Fortran order', async () => {
    const little = numpy('f4', '<', [2], '\0\0\xc0\x3f\0\0\0\xc0');
    const big = numpy('f4', '>', [2], '\x3f\xc0\0\0\xc0\0\0\0');
    const fortran = numpy('i2', '<', [2, 2], '\x01\0\x02\0\x03\0\x04\0', '\x88');
    const file = await open(dict({ little, big, fortran }));
    expect((await file.read('little')).data).toEqual(Float32Array.of(1.5, -2));
    expect((await file.read('big')).data).toEqual(Float32Array.of(1.5, -2));
    expect(await file.read('fortran')).toEqual({ shape: [2, 2], dtype: 'int16', data: Int16Array.of(1, 3, 2, 4) });
  });

  it('are read from bare pickles, which hold no tensors of PyTorch', async () => {
    const bare = bytes(`\x80\x02${dict({ model: dict({ w: numpy('f4', '<', [1], '\0\0\xc0\x3f') }) })}.`);
    expect((await (await openCheckpointBytes(bare, 'x.pkl')).read('w')).data).toEqual(Float32Array.of(1.5));
    await expect(openCheckpointBytes(bytes(`\x80\x02${dict({ a: 'K\x01' })}.`), 'x.pkl')).rejects.toThrow('bare pickle');
  });

  it('of other lengths than their shape says are refused', async () => {
    await expect(open(dict({ w: numpy('f4', '<', [3], '\0\0\xc0\x3f') }))).rejects.toThrow('array "w" has other bytes than its shape says');
  });
});

describe('a pickled network', () => {
  const module = (name: string, parts: { parameters?: string; modules?: string; settings?: Record<string, string> }) =>
    object(name, dict({ _parameters: parts.parameters ?? '}', _buffers: '}', _modules: parts.modules ?? '}', ...parts.settings }));
  const norm = module('torch.nn.modules.batchnorm\nBatchNorm2d', {
    parameters: dict({ weight: T, bias: 'N' }),
    settings: {
      eps: 'G\x3f\x50\x62\x4d\xd2\xf1\xa9\xfc',
      training: '\x88',
      kernel: `${int(3)}${int(5)}\x86`,
      act: 'cmy\nrelu\n',
      _hidden: int(1),
    },
  });
  const block = module('my\nBlock', { modules: dict({ bn: norm }), settings: { h: int(2), w: int(8), name: text('first') } });

  it('says what its modules are set to, each under its path', async () => {
    const { moduleSettings, tensors } = await open(block);
    expect(tensors.map(({ name }) => name)).toEqual(['bn.weight']);
    expect(moduleSettings.get('')).toEqual({ className: 'my.Block', values: { h: 2, w: 8, name: 'first' } });
    expect(moduleSettings.get('bn')).toEqual({
      className: 'torch.nn.modules.batchnorm.BatchNorm2d',
      values: { eps: 0.001, training: true, kernel: [3, 5], act: 'my.relu' },
    });
  });

  it('in a wrapper says it under the paths without the wrapper', async () => {
    const wrapped = module('torch.nn.parallel\nDataParallel', { modules: dict({ module: block }) });
    const { moduleSettings, strippedPrefix } = await open(dict({ model: wrapped }));
    expect(strippedPrefix).toBe('module.');
    expect([...moduleSettings.keys()]).toEqual(['', 'bn']);
    expect(moduleSettings.get('')?.values.w).toBe(8);
  });

  it('beside another one is one of two sets', async () => {
    const file = await open(dict({ model: block, ema: block.replace('first', 'other') }), 'ema');
    expect(file.weightSets.map(({ name }) => name)).toEqual(['model', 'ema']);
    expect(file.moduleSettings.get('')?.values.name).toBe('other');
  });
});
