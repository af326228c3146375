// PyTorch's format of before 1.6: five pickles one after the other (magic number, protocol, machine,
// checkpoint, storage keys), then each storage as an element count and its bytes.
import type { ByteSource } from '../byte-source';
import type { FoundDirectory } from '../checkpoint-file';
import { Truncated } from '../pickle/cursor';
import { unpickle } from '../pickle/unpickler';
import { PickleDict, PickleList, type PickleValue } from '../pickle/values';
import { refuse } from '../refuse';
import { uint64At, viewOf } from '../tensor-bytes';
import { torchDirectory } from './directory';
import type { LocateStorage } from './window';
import { resolvePersistent } from './storage-id';
import { StorageValue } from './tensor-value';
import { findWeightSets } from './weight-sets';
import { LONGEST_PICKLE } from './zip-format';

const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL = 1001;
const FIRST_READ = 2 ** 18;
const COUNT_LENGTH = 8;
const BARE_PICKLE = 'is a bare pickle, not a PyTorch checkpoint; save it with torch.save(model.state_dict(), ...)';
const CUT_OFF = 'is cut off: it ends in the middle; download or copy it again';

/** Reads the directory of a legacy checkpoint. Throws UserError for what it cannot or must not read. */
export async function readTorchLegacy(source: ByteSource): Promise<FoundDirectory> {
  const { root, keys, storages, end } = await readPickles(source);
  if (keys === null) return torchDirectory(root, () => refuse(BARE_PICKLE), source.size);
  const places = await layOut(source, keys, storages, end);
  return torchDirectory(root, locateAt(source, places), source.size);
}

interface LegacyPickles {
  readonly root: PickleValue;
  /** null for a bare pickle, as pickle.dump writes it. */
  readonly keys: readonly PickleValue[] | null;
  readonly storages: ReadonlyMap<string, StorageValue>;
  readonly end: number;
}

/** The pickles' length is not known beforehand: read a beginning, and more of it while a pickle is cut off. */
async function readPickles(source: ByteSource): Promise<LegacyPickles> {
  for (let length = Math.min(source.size, FIRST_READ); ; length = Math.min(source.size, 4 * length)) {
    try {
      return parsePickles(await source.read(0, length));
    } catch (error) {
      if (!(error instanceof Truncated)) throw error;
      if (length === source.size) refuse(CUT_OFF);
      if (length > LONGEST_PICKLE) refuse(`describes its tensors in more than ${LONGEST_PICKLE} bytes`);
    }
  }
}

function parsePickles(bytes: Uint8Array): LegacyPickles {
  const storages = new Map<string, StorageValue>();
  const persistent = (id: PickleValue) => remember(storages, resolvePersistent(id));
  let end = 0;
  const next = (): PickleValue => {
    const pickle = unpickle(bytes.subarray(end), { persistent });
    end += pickle.end;
    return pickle.value;
  };
  const first = next();
  if (first !== MAGIC) return { root: bareRoot(first), keys: null, storages, end };
  const protocol = next();
  if (protocol !== PROTOCOL) refuse(`is of PyTorch's legacy protocol ${String(protocol)}; only ${PROTOCOL} is read`);
  checkMachine(next());
  const root = next();
  const keys = next();
  return { root, keys: keys instanceof PickleList ? keys.items : [], storages, end };
}

/** A bare pickle is read where it holds NumPy's arrays; tensors in it are out of reach. */
function bareRoot(root: PickleValue): PickleValue {
  return findWeightSets(root).length > 0 ? root : refuse(BARE_PICKLE);
}

function checkMachine(machine: PickleValue): void {
  if (machine instanceof PickleDict && machine.get('little_endian') === false)
    refuse('was written on a big-endian machine; save it again on a little-endian one');
}

/** Several ids may name one storage; they must agree on its size. */
function remember(storages: Map<string, StorageValue>, value: PickleValue): PickleValue {
  if (!(value instanceof StorageValue)) return value;
  const known = storages.get(value.key);
  if (known && (known.elements !== value.elements || known.dtype !== value.dtype))
    refuse('is damaged: it describes one storage in two ways');
  if (!known) storages.set(value.key, value);
  return value;
}

/** Byte position of each storage's data; checks the counts between them. */
async function layOut(source: ByteSource, keys: readonly PickleValue[], storages: ReadonlyMap<string, StorageValue>, end: number) {
  const places = new Map<string, number>();
  let offset = end;
  for (const key of keys) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    if (!storage || places.has(storage.key)) return refuse('is damaged: its list of storages does not match its tensors');
    const next = offset + COUNT_LENGTH + storage.byteLength;
    if (next > source.size) refuse(CUT_OFF);
    const count = uint64At(viewOf(await source.read(offset, COUNT_LENGTH)), 0);
    if (count !== storage.elements) refuse(`is damaged: a storage of ${storage.elements} elements says it has ${count}`);
    places.set(storage.key, offset + COUNT_LENGTH);
    offset = next;
  }
  return places;
}

function locateAt(source: ByteSource, places: ReadonlyMap<string, number>): LocateStorage {
  return (storage, tensorName) => {
    const place = places.get(storage.key);
    if (place === undefined) return refuse(`is damaged: the storage of tensor ${tensorName} is missing`);
    return { read: (start, length) => source.read(place + start, length), wholeOnly: false };
  };
}
