// The allow-list: every callable a checkpoint may call, and the plain data that stands for its result.
// Invariant: nothing of the pickle is ever executed; a call of anything else refuses the file.
import { quoted, refuse } from '../refuse';
import { TORCH_CALLS } from '../torch/calls';
import { type Call, malformed, type PickleMachine } from './machine';
import {
  type GlobalName,
  GlobalName as Name,
  PickleDict,
  PickleList,
  PickleObject,
  PickleSet,
  PickleTuple,
  type PickleValue,
} from './values';

/** Keeps a call as its name and arguments. */
const inert: Call = (args, _machine, callee) => new PickleObject(callee.path, args);

const dict: Call = (args, machine) => dictOf(args.items[0], machine);
/** defaultdict(factory, items): the factory is not needed to read the items. */
const defaultDict: Call = (args, machine) => dictOf(args.items[1], machine);
const set: Call = (args) => new PickleSet(itemsOf(args.items[0] ?? null) as PickleValue[]);

/** copyreg._reconstructor(class, base, state): how protocols 0 and 1 make an object; state is the base's content. */
const reconstructor: Call = (args, machine) => {
  const [owner = null, , state = null] = args.items;
  const object = newObject(owner, new PickleTuple([]));
  if (object instanceof PickleObject && state instanceof PickleDict) object.entries = dictOf(state, machine);
  return object;
};

/** _codecs.encode(text, 'latin1'): how protocol 2 writes bytes. */
const encode: Call = (args, machine) => {
  const [text] = args.items;
  if (typeof text !== 'string') return malformed('encodes what is no text');
  machine.spend(text.length);
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
};

const COLLECTIONS: Record<string, Call> = {
  'collections.OrderedDict': dict,
  'collections.Counter': dict,
  'collections.defaultdict': defaultDict,
  'collections.deque': inert,
};

const BUILTINS: Record<string, Call> = {
  dict,
  set,
  frozenset: set,
  list: inert,
  tuple: inert,
  bytearray: inert,
  bytes: inert,
  complex: inert,
  slice: inert,
  range: inert,
  xrange: inert,
};

/** Values that training scripts keep beside the weights. */
const PLAIN_VALUES = [
  ...['numpy.dtype', 'numpy.core.multiarray.scalar', 'numpy.core.multiarray._reconstruct'],
  ...['numpy._core.multiarray.scalar', 'numpy._core.multiarray._reconstruct'],
  ...['numpy.core.numeric._frombuffer', 'numpy._core.numeric._frombuffer'],
  ...['datetime.datetime', 'datetime.date', 'datetime.timedelta', 'decimal.Decimal', 'fractions.Fraction', 'uuid.UUID'],
  ...['pathlib.PosixPath', 'pathlib.WindowsPath', 'pathlib.PurePosixPath', 'pathlib.PureWindowsPath', 'pathlib.Path'],
  ...['pathlib._local.PosixPath', 'pathlib._local.WindowsPath'],
];

const ALLOWED: ReadonlyMap<string, Call> = new Map([
  ...Object.entries(COLLECTIONS),
  ...Object.entries(BUILTINS).map(([name, standIn]): [string, Call] => [`builtins.${name}`, standIn]),
  ['copyreg._reconstructor', reconstructor],
  ['copyreg.__newobj__', (args) => newObject(args.items[0] ?? null, new PickleTuple(args.items.slice(1)))],
  ['_codecs.encode', encode],
  ...PLAIN_VALUES.map((path): [string, Call] => [path, inert]),
  ...Object.entries(TORCH_CALLS),
]);

/** Modules that run programs or reach the machine: a checkpoint that as much as names them is refused. */
const NEVER = new Set('os posix nt subprocess sys importlib ctypes socket shutil runpy pty builtins webbrowser pickle _pickle'.split(' '));
/** Module names of Python 2, which pickles of protocol 2 use, and what Python 3 loads for them. */
const RENAMED_MODULES: ReadonlyMap<string, string> = new Map([
  ['__builtin__', 'builtins'],
  ['copy_reg', 'copyreg'],
  ['commands', 'subprocess'],
]);
const INERT_BUILTINS = new Set([
  ...Object.keys(BUILTINS),
  'object',
  'int',
  'float',
  'bool',
  'str',
  'unicode',
  'long',
  'NoneType',
  'Ellipsis',
  'type',
]);

/** A name from the pickle. Refuses those that have no business in a checkpoint. */
export function globalName(writtenModule: string, name: string): GlobalName {
  const module = RENAMED_MODULES.get(writtenModule) ?? writtenModule;
  if (NEVER.has(module.split('.')[0]) && !(module === 'builtins' && INERT_BUILTINS.has(name)))
    refuse(
      `names ${quoted(`${module}.${name}`)}, which a checkpoint has no use for: it could run a program if PyTorch loaded it. Nothing was run; do not trust this file`,
    );
  return new Name(module, name);
}

/** The data that stands for calling `callee`. Refuses callables outside the allow-list, by name. */
export function call(callee: PickleValue, args: PickleValue, machine: PickleMachine): PickleValue {
  if (!(callee instanceof Name)) return malformed('calls a value that is no function');
  if (!(args instanceof PickleTuple)) return malformed(`calls ${quoted(callee.path)} without arguments`);
  const standIn = ALLOWED.get(callee.path);
  if (!standIn)
    refuse(
      `calls ${quoted(callee.path)}, which is not among the functions a checkpoint needs. Nothing was run; if you trust the file, load it in PyTorch and save its state_dict() alone`,
    );
  return standIn(args, machine, callee);
}

/** An object made without calling anything: known containers as such, foreign classes as inert data. */
export function newObject(owner: PickleValue, args: PickleValue): PickleValue {
  if (!(owner instanceof Name)) return malformed('makes an object of what is no class');
  if (owner.path === 'collections.OrderedDict' || owner.path === 'builtins.dict') return new PickleDict();
  return new PickleObject(owner.path, args);
}

function dictOf(source: PickleValue | undefined, machine: PickleMachine): PickleDict {
  const result = new PickleDict();
  if (source === undefined || source === null) return result;
  const pairs = source instanceof PickleDict ? Array.from(source.entries) : itemsOf(source).map(pairOf);
  machine.spend(pairs.length);
  for (const [key, value] of pairs) result.set(key, value);
  return result;
}

function pairOf(value: PickleValue): [PickleValue, PickleValue] {
  const items = itemsOf(value);
  if (items.length !== 2) malformed('makes a dict of what are no pairs');
  return [items[0], items[1]];
}

function itemsOf(value: PickleValue): readonly PickleValue[] {
  if (value instanceof PickleList || value instanceof PickleTuple || value instanceof PickleSet) return value.items;
  return value === null ? [] : malformed('gives a value where a list is needed');
}
