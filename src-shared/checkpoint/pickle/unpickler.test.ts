import { describe, expect, it } from 'vitest';
import { UserError } from '../../base/user-error';
import { resolvePersistent } from '../torch/storage-id';
import { TensorValue } from '../torch/tensor-value';
import { Truncated } from './cursor';
import { unpickle } from './unpickler';
import { type PickleDict, type PickleList, PickleObject, type PickleSet, type PickleTuple, type PickleValue } from './values';

const bytes = (latin1: string): Uint8Array => Uint8Array.from(latin1, (character) => character.charCodeAt(0));
/** A value from the body of a protocol 2 pickle. */
const read = (body: string): PickleValue => unpickle(bytes(`\x80\x02${body}.`), { persistent: resolvePersistent }).value;
const items = (value: PickleValue) => (value as PickleList | PickleTuple | PickleSet).items;
const STORAGE = '(X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\x000X\x03\0\0\0cpuK\x18tQ';

describe('plain values', () => {
  it('reads numbers of every width and sign', () => {
    expect(items(read('(K\xffM\xff\xffJ\xfe\xff\xff\xff\x8a\x01\xff\x8a\x00\x8a\x09\0\0\0\0\0\0\0\0\x01G?\xf8\0\0\0\0\0\0t'))).toEqual([
      ...[255, 65535, -2, -1, 0],
      ...[2n ** 64n, 1.5],
    ]);
  });

  it('reads the text of Python 2 and 3, bytes, and containers', () => {
    expect(items(read('(U\x02abT\x02\0\0\0cdX\x02\0\0\0\xc3\xa9\x8c\x01xl'))).toEqual(['ab', 'cd', 'é', 'x']);
    expect(items(read('(C\x02\x01\x02B\x01\0\0\0\x03t'))).toEqual([Uint8Array.of(1, 2), Uint8Array.of(3)]);
    expect(items(read(']K\x01aNa'))).toEqual([1, null]);
    expect(items(read('(\x88\x89\x91'))).toEqual([true, false]);
    const dict = read('}X\x01\0\0\0aK\x01sX\x01\0\0\0bK\x02s') as PickleDict;
    expect([...dict.entries]).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
  });

  it('recalls memo entries numbered from 0 and, as Python 2 does, from 1', () => {
    expect(items(read('(K\x07q\x00h\x00t'))).toEqual([7, 7]);
    expect(items(read('(K\x07q\x01K\x08q\x02h\x01h\x02t'))).toEqual([7, 8, 7, 8]);
  });

  it('reads a list that holds itself without end', () => {
    const list = read(']q\x00h\x00a') as PickleList;
    expect(list.items[0]).toBe(list);
  });
});

describe('objects and calls', () => {
  it('keeps a foreign object as its name, entries and state', () => {
    const config = read('cyacs.config\nCfgNode\n)\x81X\x01\0\0\0aK\x01s}X\x01\0\0\0iK\x02sb') as PickleObject;
    expect(config.className).toBe('yacs.config.CfgNode');
    expect(config.entries?.get('a')).toBe(1);
    expect((config.state as PickleDict).get('i')).toBe(2);
  });

  it('keeps it too when protocols 0 and 1 rebuild it', () => {
    const config = read('ccopy_reg\n_reconstructor\n(cyacs.config\nCfgNode\nc__builtin__\ndict\n}X\x01\0\0\0aK\x01stR') as PickleObject;
    expect([config.className, config.entries?.get('a')]).toEqual(['yacs.config.CfgNode', 1]);
  });

  it('reads a tensor as a window on its storage', () => {
    const tensor = read(`ctorch._utils\n_rebuild_tensor_v2\n(${STORAGE}K\x02K\x03K\x02\x86K\x06K\x01\x86\x89NtR`) as TensorValue;
    expect(tensor).toBeInstanceOf(TensorValue);
    expect([tensor.dtype, tensor.offset, tensor.shape, tensor.strides, tensor.storage.key]).toEqual(['float32', 2, [3, 2], [6, 1], '0']);
  });

  it.each([
    ['cposix\nsystem\nX\x02\0\0\0ls\x85R', 'posix.system'],
    ['c__builtin__\neval\nX\x01\0\0\0x\x85R', 'builtins.eval'],
    ['X\x05\0\0\0posixX\x06\0\0\0system\x93X\x02\0\0\0ls\x85R', 'posix.system'],
    ['cbuiltins\n__import__\nX\x02\0\0\0os\x85R', 'builtins.__import__'],
    ['cbuiltins\ngetattr\ncbuiltins\n__import__\nX\x01\0\0\0x\x86R', 'builtins.__import__'],
    ['X\x09\0\0\0torch.hubX\x09\0\0\0os.system\x93X\x02\0\0\0ls\x85R', 'torch.hub.os.system'],
    ['X\x05\0\0\0torchX\x11\0\0\0__builtins__.eval\x93X\x01\0\0\0x\x85R', 'torch.__builtins__.eval'],
    ['cyacs.config\nCfgNode\n)\x81K\x01\x85cos\nsystem\nR', 'os.system'],
  ])('refuses %j by the name of what it would call', (body, name) => {
    expect(() => read(body)).toThrow(UserError);
    expect(() => read(body)).toThrow(name);
  });

  it('does not take a text or a number for a function or a class', () => {
    expect(() => read('X\x06\0\0\0system)R')).toThrow(/calls a value that is no function/);
    expect(() => read('K\x01)R')).toThrow(/calls a value that is no function/);
    expect(() => read('K\x01)\x81')).toThrow(/makes an object of what is no class/);
  });

  it.each([
    ['(cmy.module\nrun\nX\x01\0\0\0xo', 'my.module.run'],
    ['cmy.module\nRunner\nX\x01\0\0\0x\x85R', 'my.module.Runner'],
    ['cfunctools\npartial\ncmy.module\nrun\n\x85R', 'functools.partial'],
    ['cre\n_compile\nX\x01\0\0\0xK\x20\x86R', 're._compile'],
    ['c__builtin__\ngetattr\ncnumpy\nndarray\nX\x04\0\0\0mean\x86R', 'builtins.getattr'],
    ['ctorch._utils\n_rebuild_tensor_v4\n)R', 'torch._utils._rebuild_tensor_v4'],
    ['c__builtin__\ngetattr\ncmy\nOuter\nX\x05\0\0\0Inner\x86R)R', 'my.Outer.Inner'],
    ['c__builtin__\ngetattr\ncmy\nOuter\nX\x05\0\0\0Inner\x86R)\x81', 'my.Outer.Inner'],
    ['cyacs.config\nCfgNode\n)\x81)R', 'yacs.config.CfgNode'],
  ])('keeps the call %j as its name, whatever is set on it afterwards', (body, name) => {
    const made = read(`${body}X\x01\0\0\0aK\x01sK\x02a(K\x03e}X\x01\0\0\0iK\x02sb`) as PickleObject;
    expect(made).toBeInstanceOf(PickleObject);
    expect([made.className, made.entries?.get('a'), made.items, (made.state as PickleDict).get('i')]).toEqual([name, 1, [2, 3], 2]);
  });

  it('keeps a kind of dict that is called without arguments, or with pairs, as a dict', () => {
    expect((read('cmy\nDict\n)RX\x01\0\0\0aK\x01s') as PickleObject).entries?.get('a')).toBe(1);
    expect((read('ccollections\nOrderedDict\n(](X\x01\0\0\0aK\x01latR') as PickleDict).get('a')).toBe(1);
  });
});

describe('limits', () => {
  const refuses = (body: string, why: RegExp) => expect(() => read(body)).toThrow(why);

  it('refuses other protocols, unknown instructions and buffers outside the pickle', () => {
    expect(() => unpickle(bytes('\x80\x06N.'), { persistent: resolvePersistent })).toThrow(/protocol 6/);
    refuses('\x97', /instruction 0x97/);
    refuses('I1\n', /instruction 0x49/);
  });

  it('refuses nesting, memo numbers and integers that no checkpoint has', () => {
    refuses('('.repeat(5000), /nests deeper/);
    refuses('Nr\xff\xff\xff\x7f', /skips memo entries/);
    refuses('h\x05', /never made/);
    refuses(`\x8b\x00\x02\0\0${'\x01'.repeat(512)}`, /integer of 512 bytes/);
  });

  it('refuses a key that is set twice: which value would be meant is not guessed', () => {
    refuses('}X\x01\0\0\0aK\x01sX\x01\0\0\0aK\x02s', /sets the key "a" twice/);
    refuses('}(X\x01\0\0\0aK\x01X\x01\0\0\0aK\x01u', /sets the key "a" twice/);
  });

  it('refuses a few bytes that unfold a list again and again', () => {
    const pair = (_: unknown, i: number): string => `M${String.fromCharCode(i & 255, i >> 8)}K\x02\x86`;
    const pairs = `]q\x00(${Array.from({ length: 2000 }, pair).join('')}e0`;
    refuses(`${pairs}ccollections\nOrderedDict\nq\x010${'h\x01h\x00\x85R0'.repeat(2000)}N`, /unfolds/);
  });

  it('refuses more objects than a pickler makes of as many bytes, but not what it does make', () => {
    refuses(`(${'}'.repeat(200_000)}t`, /more objects than its length explains/);
    expect(items(read(`](${'K\x01K\x02\x86\x94'.repeat(200_000)}e`)).length).toBe(200_000);
  });

  it('refuses stacks that run empty and groups that never began', () => {
    refuses('a', /empty stack/);
    refuses('(a', /empty stack/);
    refuses('t', /never opened/);
    refuses('NNs', /empty stack|no dict/);
  });

  it('says that a pickle is cut off instead of reading past its end', () => {
    expect(() => unpickle(bytes('\x80\x02X\xff\0\0\0ab'), { persistent: resolvePersistent })).toThrow(Truncated);
    expect(() => unpickle(bytes('\x80\x02\x8d\xff\xff\xff\xff\xff\xff\xff\xffab'), { persistent: resolvePersistent })).toThrow(Truncated);
    expect(() => unpickle(bytes('\x80\x02}'), { persistent: resolvePersistent })).toThrow(Truncated);
  });

  it.each(['K\x02K\x02\x86K\x01\x85', 'NK\x01\x85', 'K\x05K\x01\x85'])('refuses a tensor of sizes %j', (sizes) => {
    refuses(`ctorch._utils\n_rebuild_tensor_v2\n(${STORAGE}K\x00${sizes}\x89NtR`, /dimensions|mismatched|no storage/);
  });

  it('refuses a tensor whose element count no number holds', () => {
    const huge = '\x8a\x07\0\0\0\0\0\0\x10';
    refuses(`ctorch._utils\n_rebuild_tensor_v2\n(${STORAGE}K\x00${huge}${huge}\x86K\x00K\x00\x86\x89NtR`, /dimensions/);
  });
});
