// PyTorch's persistent ids: the tuple by which a pickle names a storage of the file,
// ('storage', class, key, device, element count[, view]).
import { quoted, refuse } from '../refuse';
import { malformed } from '../pickle/machine';
import { GlobalName, PickleTuple, type PickleValue } from '../pickle/values';
import { STORAGE_CLASSES, StorageValue, type StoredType } from './tensor-value';

/** The storage a persistent id names; a saved module's class (old files keep its source text) is just its name. */
export function resolvePersistent(id: PickleValue): PickleValue {
  if (!(id instanceof PickleTuple)) return malformed('refers outside itself by what is no storage');
  const [kind, owner, key, , elements, view = null] = id.items;
  if (kind === 'module' && owner instanceof GlobalName) return owner;
  if (kind !== 'storage' || !(owner instanceof GlobalName)) return malformed('refers outside itself by what is no storage');
  const name = typeof key === 'number' ? String(key) : key;
  if (typeof name !== 'string' || !isCount(elements)) return malformed('describes a storage without a name or a size');
  return new StorageValue(name, storageType(owner), elements, startOf(view, elements));
}

function storageType(owner: GlobalName): StoredType | null {
  const type = owner.module.split('.')[0] === 'torch' ? STORAGE_CLASSES.get(owner.name) : undefined;
  return type === undefined ? refuse(`keeps tensors in a ${quoted(owner.path)}, a kind of storage this program does not know`) : type;
}

/** First element of a storage view (view key, offset, size), which files of before 2019 may hold. */
function startOf(view: PickleValue, elements: number): number {
  if (view === null) return 0;
  const [, offset, size] = view instanceof PickleTuple ? view.items : [];
  if (!isCount(offset) || !isCount(size) || offset + size > elements) return malformed('describes a view outside its storage');
  return offset;
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
