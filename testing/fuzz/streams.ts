// Random pickles: well-formed checkpoints of random shape (dicts, lists, tensors with random windows,
// foreign objects, allowed and hostile calls), with random instructions strewn in, so that they get
// deep into the machine before they go wrong.
import type { Random } from '@shared/tensor/random';
import { MemorySink } from '@shared/checkpoint/in-memory';
import { ZipWriter } from '@shared/checkpoint/zip/writer';

/** What the one storage of these files is filled with. */
export const STORAGE_BYTE = 1;

type Emit = (out: number[], random: Random) => void;

const NAMES = [
  'collections\nOrderedDict',
  'torch._utils\n_rebuild_tensor_v2',
  'torch._utils\n_rebuild_tensor_v3',
  'torch._utils\n_rebuild_parameter',
  'torch._tensor\n_rebuild_from_type_v2',
  'torch\nFloatStorage',
  'torch\nLongStorage',
  'torch.storage\nUntypedStorage',
  'torch\nfloat32',
  'torch\nSize',
  'builtins\nset',
  'copyreg\n_reconstructor',
  'collections\ndefaultdict',
  '_codecs\nencode',
  'yacs.config\nCfgNode',
  'builtins\ngetattr',
  'builtins\nbytearray',
  'numpy\ndtype',
  'numpy.core.multiarray\n_reconstruct',
  'numpy.core.multiarray\nscalar',
  'torch._utils\n_rebuild_sparse_tensor',
  'torch.optim.sgd\nSGD',
  'my.module\nanything',
  'posix\nsystem',
  'builtins\neval',
];

const text = (value: string): number[] => [0x58, value.length, 0, 0, 0, ...Array.from(value, (c) => c.charCodeAt(0))];
const global = (name: string): number[] => Array.from(`c${name}\n`, (c) => c.charCodeAt(0));
const one =
  (...codes: number[]): Emit =>
  (out) =>
    out.push(...codes);
const withByte =
  (code: number): Emit =>
  (out, random) =>
    out.push(code, random.integer(random.integer(2) === 0 ? 4 : 256));
const withNumber =
  (code: number): Emit =>
  (out, random) =>
    out.push(code, random.integer(8), 0, random.integer(8) === 0 ? 0xff : 0, random.integer(16) === 0 ? 0x7f : 0);

const storage = [0x28, ...text('storage'), ...global('torch\nFloatStorage'), ...text('0'), ...text('cpu'), 0x4b, 24, 0x74, 0x51];

/** A tensor with a random window; most lie inside the storage of 24 elements. */
const tensor: Emit = (out, random) => {
  const size = () => [0x4b, random.integer(random.integer(8) === 0 ? 40 : 5)];
  out.push(
    ...global('torch._utils\n_rebuild_tensor_v2'),
    0x28,
    ...storage,
    ...size(),
    ...size(),
    ...size(),
    0x86,
    ...size(),
    ...size(),
    0x86,
  );
  out.push(0x89, 0x4e, 0x74, 0x52);
};

const atom: Emit = (out, random) => pick(ATOMS, random)(out, random);
const ATOMS: readonly Emit[] = [
  ...[0x4e, 0x88, 0x89, 0x29, 0x5d, 0x7d, 0x8f].map((code) => one(code)),
  (out, random) => out.push(0x4b, random.integer(256)),
  (out, random) => out.push(0x4a, random.integer(256), random.integer(256), random.integer(256), random.integer(256)),
  (out, random) => out.push(...text('abcdefgh'.slice(0, random.integer(8)))),
  (out, random) => out.push(...global(pick(NAMES, random))),
  (out, random) => out.push(0x68, random.integer(4)),
  one(...storage),
  tensor,
];

/** A value of at most `depth` nested containers. */
function value(out: number[], random: Random, depth: number): void {
  if (depth === 0) return atom(out, random);
  const inner = () => value(out, random, depth - 1 - random.integer(depth));
  pick(NESTED, random)(out, random, inner);
  if (random.integer(4) === 0) out.push(0x94);
  if (random.integer(200) === 0) pick(STREWN, random)(out, random);
}

type Nest = (out: number[], random: Random, inner: () => void) => void;
const grouped = (out: number[], random: Random, inner: () => void): void => {
  out.push(0x28);
  for (let i = random.integer(5); i > 0; i--) inner();
};

const NESTED: readonly Nest[] = [
  (out, random) => tensor(out, random),
  (out, random) => atom(out, random),
  (out, random, inner) => {
    grouped(out, random, inner);
    out.push(pick([0x74, 0x6c, 0x91], random));
  },
  (out, random, inner) => {
    out.push(0x5d);
    grouped(out, random, inner);
    out.push(0x65);
  },
  stateDict,
  stateDict,
  // An object of a foreign class, with entries and a state.
  (out, random, inner) => {
    out.push(...global('yacs.config\nCfgNode'), 0x29, 0x81);
    namedEntries(out, random, inner);
    out.push(0x7d, 0x62);
  },
  // A module: its state holds parameters and modules.
  (out, random, inner) => {
    out.push(...global('my.models\nNet'), 0x29, 0x81, 0x7d, 0x28, ...text('_parameters'));
    stateDict(out, random, inner);
    out.push(...text('_modules'), 0x7d);
    namedEntries(out, random, inner);
    out.push(0x75, 0x62);
  },
  // A call of any name at all.
  (out, random, inner) => {
    out.push(...global(pick(NAMES, random)));
    grouped(out, random, inner);
    out.push(0x74, 0x52);
  },
  (out, _random, inner) => {
    out.push(...global('torch._utils\n_rebuild_parameter'));
    inner();
    out.push(0x88, 0x7d, 0x87, 0x52);
  },
];

function namedEntries(out: number[], random: Random, inner: () => void): void {
  out.push(0x28);
  for (let i = random.integer(5); i > 0; i--) {
    out.push(...text(random.integer(4) === 0 ? pick(['model', 'state_dict', 'module.a', 'optimizer'], random) : `w${random.integer(9)}`));
    inner();
  }
  out.push(0x75);
}

function stateDict(out: number[], random: Random, inner: () => void): void {
  if (random.integer(2) === 0) out.push(...global('collections\nOrderedDict'), 0x29, 0x52);
  else out.push(0x7d);
  namedEntries(out, random, random.integer(2) === 0 ? inner : () => tensor(out, random));
}

/** Instructions out of place. */
const STREWN: readonly Emit[] = [
  ...[0x28, 0x30, 0x31, 0x32, 0x74, 0x85, 0x86, 0x87, 0x6c, 0x61, 0x65, 0x64, 0x73, 0x75, 0x90, 0x91, 0x94, 0x93, 0x52, 0x6f].map((code) =>
    one(code),
  ),
  ...[0x81, 0x92, 0x62, 0x51, 0x2e].map((code) => one(code)),
  ...[0x4b, 0x71, 0x68, 0x80, 0x8a].map(withByte),
  ...[0x4a, 0x72, 0x6a, 0x58, 0x42, 0x8b].map(withNumber),
  (out, random) => out.push(random.integer(256)),
];

/** A random checkpoint's pickle; every second one has instructions out of place. */
export function randomPickle(random: Random): Uint8Array {
  const out: number[] = [0x80, 2 + random.integer(4)];
  // Four memo entries, so that recalling one works.
  for (let i = 0; i < 4; i++) {
    atomWithoutMemo(out, random);
    out.push(0x94, 0x30);
  }
  stateDict(out, random, () => value(out, random, random.integer(5)));
  if (random.integer(2) === 0) pick(STREWN, random)(out, random);
  out.push(0x2e);
  return Uint8Array.from(out);
}

const atomWithoutMemo: Emit = (out, random) => pick([one(0x7d), one(0x5d), one(...storage), tensor], random)(out, random);

function pick<T>(choices: readonly T[], random: Random): T {
  return choices[random.integer(choices.length)];
}

/** The pickle as a PyTorch archive with one storage of 24 floats. */
export async function inArchive(pickle: Uint8Array): Promise<Uint8Array> {
  const sink = new MemorySink();
  const zip = new ZipWriter(sink);
  await zip.add('archive/data.pkl', pickle);
  await zip.add('archive/data/0', new Uint8Array(96).fill(STORAGE_BYTE));
  await zip.finish();
  return sink.bytes();
}

/** The pickle as a legacy PyTorch file with one storage of 24 floats. */
export function inLegacyFile(pickle: Uint8Array): Uint8Array {
  const magic = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];
  const protocol = [0x80, 2, 0x4d, 0xe9, 0x03, 0x2e];
  const machine = [0x80, 2, 0x7d, 0x2e];
  const keys = [0x80, 2, 0x5d, ...text('0'), 0x61, 0x2e];
  return Uint8Array.from([
    ...magic,
    ...protocol,
    ...machine,
    ...pickle,
    ...keys,
    24,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    ...new Array<number>(96).fill(STORAGE_BYTE),
  ]);
}
