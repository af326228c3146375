// PyTorch's persistent ids: the tuple by which a pickle names a storage of the file,
// ('storage', class, key, device, element count[, view]).
import { malformed } from '../pickle/machine';
import { GlobalName, PickleObject, PickleTuple, type PickleValue } from '../pickle/values';
import { STORAGE_CLASSES, StorageValue } from './tensor-value';

/** The storage a persistent id names, inert if of an unknown kind; a saved module's class (old files keep its source text) is just its name. */
export function resolvePersistent(id: PickleValue): PickleValue {
  if (!(id instanceof PickleTuple)) return malformed('refers outside itself by what is no storage');
  const [kind, owner, key, , elements, view = null] = id.items;
  if (kind === 'module' && owner instanceof GlobalName) return owner;
  if (kind !== 'storage' || !(owner instanceof GlobalName)) return malformed('refers outside itself by what is no storage');
  const type = owner.module.split('.')[0] === 'torch' ? STORAGE_CLASSES.get(owner.name) : undefined;
  if (type === undefined) return new PickleObject(owner.path, id);
  const name = typeof key === 'number' ? String(key) : key;
  if (typeof name !== 'string' || !isCount(elements)) return malformed('describes a storage without a name or a size');
  return new StorageValue(name, type, elements, startOf(view, elements));
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
