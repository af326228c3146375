// What PyTorch's pickles may hold beyond the reference files: other ways to keep tensors, places of
// the state dict, whole modules.
import { describe, expect, it } from 'vitest';
import { inArchive, inLegacyFile } from '../../../testing/fuzz/streams';
import { openCheckpointBytes } from '../in-memory';

const bytes = (latin1: string): Uint8Array => Uint8Array.from(latin1, (character) => character.charCodeAt(0));
const text = (value: string) => `X${String.fromCharCode(value.length)}\0\0\0${value}`;
const storage = (type = 'torch\nFloatStorage', count = 24) =>
  `(${text('storage')}c${type}\n${text('0')}${text('cpu')}K${String.fromCharCode(count)}tQ`;
/** A tensor of two floats at the storage's start. */
const TENSOR = `ctorch._utils\n_rebuild_tensor_v2\n(${storage()}K\x00K\x02\x85K\x01\x85\x89NtR`;
/** A dict of names to pickled values. */
const dict = (entries: Record<string, string>) =>
  `}(${Object.entries(entries)
    .map(([key, value]) => text(key) + value)
    .join('')}u`;
/** An object of a class, with a state. */
const object = (name: string, state: string) => `c${name}\n)\x81${state}b`;

const open = async (body: string) => openCheckpointBytes(await inArchive(bytes(`\x80\x02${body}.`)), 'x.pth');
const namesOf = async (body: string) => (await open(body)).tensors.map(({ name }) => name);

describe('tensors', () => {
  it('of newer PyTorch lie on untyped storages, whose size is in bytes', async () => {
    const untyped = storage('torch.storage\nUntypedStorage', 96);
    const tensor = `ctorch._utils\n_rebuild_tensor_v3\n(${untyped}K\x04K\x03\x85K\x02\x85\x89Nctorch\nint16\ntR`;
    const file = await open(dict({ w: tensor }));
    expect(file.tensors).toEqual([{ name: 'w', dtype: 'int16', shape: [3] }]);
    // Every byte of the storage is 1.
    expect((await file.read('w')).data).toEqual(Int16Array.of(257, 257, 257));
  });

  it('of types this program lacks are refused by name, unless they lie outside the state dict', async () => {
    const complex = `ctorch._utils\n_rebuild_tensor_v2\n(${storage('torch\nComplexFloatStorage', 12)}K\x00K\x02\x85K\x01\x85\x89NtR`;
    await expect(open(dict({ w: complex }))).rejects.toThrow('x.pth: keeps "w" as complex64');
    expect(await namesOf(dict({ model: dict({ w: TENSOR }), extra: dict({ c: complex }) }))).toEqual(['w']);
  });

  it('on one storage of two sizes or outside it are refused', async () => {
    const outside = `ctorch._utils\n_rebuild_tensor_v2\n(${storage()}K\x17K\x02\x85K\x01\x85\x89NtR`;
    await expect(open(dict({ w: outside }))).rejects.toThrow('tensor w reaches past the end of its storage');
    const larger = `ctorch._utils\n_rebuild_tensor_v2\n(${storage('torch\nDoubleStorage')}K\x00K\x02\x85K\x01\x85\x89NtR`;
    await expect(open(dict({ w: larger }))).rejects.toThrow('its storage has 96 bytes instead of 192');
    const legacy = inLegacyFile(bytes(`\x80\x02${dict({ w: TENSOR, v: larger })}.`));
    await expect(openCheckpointBytes(legacy, 'x')).rejects.toThrow('one storage in two ways');
  });

  it('with names that would steer a terminal are called by a harmless spelling', async () => {
    const outside = `ctorch._utils\n_rebuild_tensor_v2\n(${storage()}K\x17K\x02\x85K\x01\x85\x89NtR`;
    await expect(open(dict({ 'a\x1b[2Jb': outside }))).rejects.toThrow('tensor a\\u001b[2Jb reaches');
  });

  it('that unfold far beyond the file are refused', async () => {
    const expanded = `ctorch._utils\n_rebuild_tensor_v2\n(${storage()}K\x00J\0\0\0\x40\x85K\x00\x85\x89NtR`;
    await expect(open(dict({ w: expanded }))).rejects.toThrow(/unfolds to 4294967296 bytes/);
  });
});

describe('the state dict', () => {
  it('is found at the root, under a usual key, under any key, and deeper', async () => {
    const at = async (body: string) => (await open(body)).stateDictAt;
    const weights = dict({ a: TENSOR, b: TENSOR });
    expect(await at(weights)).toBe('');
    expect(await at(dict({ ema: dict({ a: TENSOR, b: TENSOR, c: TENSOR }), state_dict: weights }))).toBe('state_dict');
    expect(await at(dict({ loss: TENSOR, anything: weights }))).toBe('anything');
    expect(await at(dict({ checkpoint: dict({ weights }) }))).toBe('checkpoint.weights');
    expect(await at(dict({ optimizer: dict({ a: TENSOR, b: TENSOR, c: TENSOR }), net: weights }))).toBe('net');
  });

  it('loses the prefixes of wrappers only if every name has them', async () => {
    const file = await open(dict({ '_orig_mod.module.a': TENSOR, '_orig_mod.module.b': TENSOR }));
    expect([file.strippedPrefix, ...file.tensors.map(({ name }) => name)]).toEqual(['_orig_mod.module.', 'a', 'b']);
    expect(await namesOf(dict({ 'module.a': TENSOR, b: TENSOR }))).toEqual(['module.a', 'b']);
  });

  it('of a pickled network is gathered from its modules, without passing buffers', async () => {
    const passing = `c__builtin__\nset\n](${text('mask')}e\x85R`;
    const child = object('my.nets\nConv', dict({ _parameters: dict({ weight: TENSOR, bias: 'N' }), _buffers: '}', _modules: '}' }));
    const buffers = dict({ mean: TENSOR, mask: TENSOR });
    const state = {
      _parameters: dict({ scale: TENSOR }),
      _buffers: buffers,
      _modules: dict({ conv: child }),
      _non_persistent_buffers_set: passing,
    };
    expect(await namesOf(object('my.nets\nNet', dict(state)))).toEqual(['scale', 'mean', 'conv.weight']);
  });

  it('of modules that hold themselves is refused instead of walked for ever', async () => {
    const state = dict({ _parameters: dict({ w: TENSOR }), _buffers: '}', _modules: dict({ a: 'h\x00', b: 'h\x00' }) });
    await expect(open(`cmy.nets\nNet\n)\x81q\x00${state}b`)).rejects.toThrow(/more modules than a network has/);
  });

  it('is missed by name where there is none', async () => {
    await expect(open(dict({ epoch: 'K\x01' }))).rejects.toThrow('x.pth: holds no state dict');
  });
});

describe('facts beside the weights', () => {
  it('are kept as text, and a configuration that holds itself is cut', async () => {
    const config = `cyacs.config\nCfgNode\n)\x81q\x00(${text('self')}h\x00${text('LR')}K\x05u}b`;
    const file = await open(dict({ epoch: 'K\x07', config, model: dict({ w: TENSOR }) }));
    expect(file.metadata.epoch).toBe('7');
    expect(file.metadata.config).toMatch(/\(cut\).*"LR":5/);
  });
});
