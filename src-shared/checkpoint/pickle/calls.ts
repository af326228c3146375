// The plain data that stands for the result of each call of a pickle: containers and tensors for the calls
// that make them, and for all others the call itself, as its name and arguments. Invariant: nothing of the
// pickle is ever executed; a name that could run a program refuses the file.
import { quoted, refuse } from '../refuse';
import { TORCH_CALLS, tensorCall } from '../torch/calls';
import { type Call, malformed, type PickleMachine } from './machine';
import {
  dictIn,
  type GlobalName,
  GlobalName as Name,
  itemsIn,
  nameOf,
  PickleDict,
  PickleObject,
  PickleSet,
  PickleTuple,
  type PickleValue,
} from './values';

/** Keeps a call as its name and arguments. */
const inert: Call = (args, _machine, callee) => new PickleObject(callee.path, args);

/** A dict of a dict or of pairs; kept as a call where it is made of something else. */
const dictAt =
  (argument: number): Call =>
  (args, machine, callee) =>
    dictOf(args.items[argument], machine) ?? inert(args, machine, callee);
const dict = dictAt(0);
/** defaultdict(factory, items): the factory is not needed to read the items. */
const defaultDict = dictAt(1);
const set: Call = (args, machine) => {
  const items = itemsIn(args.items[0]) ?? [];
  machine.spend(items.length);
  return new PickleSet([...items]);
};

/** copyreg._reconstructor(class, base, state): how protocols 0 and 1 make an object; state is the base's content. */
const reconstructor: Call = (args, machine) => {
  const [owner = null, , state = null] = args.items;
  const object = newObject(owner, new PickleTuple([]));
  if (object instanceof PickleObject && state instanceof PickleDict) object.entries = dictOf(state, machine) ?? undefined;
  return object;
};

/** _codecs.encode(text, 'latin1'): how protocol 2 writes bytes. */
const encode: Call = (args, machine) => {
  const [text] = args.items;
  return typeof text === 'string' ? latin1Bytes(text, machine) : malformed('encodes what is no text');
};

function latin1Bytes(text: string, machine: PickleMachine): Uint8Array {
  machine.spend(text.length);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** bytes() and bytearray(content): protocol 2 writes empty bytes and all bytearrays so. */
const bytesCall: Call = (args, machine, callee) => {
  const [content] = args.items;
  if (content === undefined) return new Uint8Array(0);
  if (typeof content === 'string') return latin1Bytes(content, machine);
  return content instanceof Uint8Array ? content : inert(args, machine, callee);
};

/** Calls whose result is more than their name and arguments. */
const KNOWN: ReadonlyMap<string, Call> = new Map([
  ['collections.OrderedDict', dict],
  ['collections.Counter', dict],
  ['collections.defaultdict', defaultDict],
  ['builtins.dict', dict],
  ['builtins.set', set],
  ['builtins.frozenset', set],
  ['builtins.bytes', bytesCall],
  ['builtins.bytearray', bytesCall],
  ['copyreg._reconstructor', reconstructor],
  ['copyreg.__newobj__', (args) => newObject(args.items[0] ?? null, new PickleTuple(args.items.slice(1)))],
  ['_codecs.encode', encode],
  ...Object.entries(TORCH_CALLS),
]);

/** Modules that run programs or reach the machine: a checkpoint that as much as names what is in them is refused. */
const NEVER = new Set(
  [
    'os posix nt subprocess _posixsubprocess sys importlib imp ctypes _ctypes socket _socket shutil runpy pty webbrowser pickle _pickle',
    'code codeop pdb bdb timeit profile cProfile marshal pip ensurepip venv asyncio urllib http ftplib smtplib requests',
  ].flatMap((line) => line.split(' ')),
);
/** Of Python's built-in functions those that run programs, read files or lead to what does. */
const NEVER_BUILTINS = new Set(
  'eval exec execfile compile open file __import__ __build_class__ input raw_input breakpoint globals locals vars help exit quit'.split(
    ' ',
  ),
);
/** Module names of Python 2, which pickles of protocol 2 use, and what Python 3 loads for them. */
const RENAMED_MODULES: ReadonlyMap<string, string> = new Map([
  ['__builtin__', 'builtins'],
  ['copy_reg', 'copyreg'],
  ['commands', 'subprocess'],
]);

/** A name from the pickle. Refuses those that have no business in a checkpoint. */
export function globalName(writtenModule: string, name: string): GlobalName {
  const module = RENAMED_MODULES.get(writtenModule) ?? writtenModule;
  if (runsPrograms(module, name))
    refuse(
      `names ${quoted(`${module}.${name}`)}, which a checkpoint has no use for: it could run a program if PyTorch loaded it. Nothing was run; do not trust this file`,
    );
  return new Name(module, name);
}

/** Protocol 4 reaches through modules: `os.system` of the module `torch.hub` is the one of `os`. */
function runsPrograms(module: string, name: string): boolean {
  const path = name.split('.');
  const through = [module.split('.')[0], ...path.slice(0, -1)];
  const ofBuiltins = module === 'builtins' || through.includes('__builtins__');
  return through.some((part) => NEVER.has(part)) || (ofBuiltins && path.some((part) => NEVER_BUILTINS.has(part)));
}

/** The data that stands for calling `callee`: what PyTorch's own calls make, else the call itself, as name and arguments. */
export function call(callee: PickleValue, args: PickleValue, machine: PickleMachine): PickleValue {
  if (!(callee instanceof Name || callee instanceof PickleObject)) return malformed('calls a value that is no function');
  if (!(args instanceof PickleTuple)) return malformed(`calls ${quoted(nameOf(callee))} without arguments`);
  if (callee instanceof PickleObject) return new PickleObject(nameOf(callee), args);
  return (KNOWN.get(callee.path) ?? tensorCall(callee) ?? inert)(args, machine, callee);
}

/** An object made without calling anything: known containers as such, foreign classes as inert data. */
export function newObject(owner: PickleValue, args: PickleValue): PickleValue {
  if (!(owner instanceof Name || owner instanceof PickleObject)) return malformed('makes an object of what is no class');
  const name = nameOf(owner);
  return name === 'collections.OrderedDict' || name === 'builtins.dict' ? new PickleDict() : new PickleObject(name, args);
}

/** null for what holds no pairs. */
function dictOf(source: PickleValue | undefined, machine: PickleMachine): PickleDict | null {
  const pairs = source === undefined || source === null ? [] : pairsOf(source);
  if (pairs === null) return null;
  machine.spend(pairs.length);
  const result = new PickleDict();
  for (const [key, value] of pairs) result.set(key, value);
  return result;
}

function pairsOf(source: PickleValue): [PickleValue, PickleValue][] | null {
  const entries = dictIn(source)?.entries;
  if (entries) return Array.from(entries);
  const pairs = itemsIn(source)?.map((item) => itemsIn(item) ?? []);
  return pairs?.every((pair) => pair.length === 2) ? (pairs as [PickleValue, PickleValue][]) : null;
}
