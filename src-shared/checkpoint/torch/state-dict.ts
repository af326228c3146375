// The tensors of a pickled set of weights: windows on storages and NumPy's arrays, each checked against the file
// before anything is read; and what else stands under its names.
import { elementCount } from '../../tensor/tensor';
import type { SetContent, StoredTensor, UnreadValue } from '../checkpoint-file';
import { isIntegerCode, isSupportedCode, tensorOfArray, unreadNumpyType } from '../numpy/numpy-type';
import { GlobalName, PickleDict, PickleList, PickleObject, PickleTuple, type PickleValue, UnreadTensor } from '../pickle/values';
import { quoted, refuse } from '../refuse';
import { byteLengthOf } from '../tensor-bytes';
import { unreadTensor } from '../unread';
import type { LocateStorage } from './window';
import { arrayIn, copiedBytes, objectsIn, type PickledArray } from './pickled-array';
import { isSupported, type StoredType, TensorValue } from './tensor-value';
import type { PickledSet } from './weight-sets';
import { bytesTouched, checkWindow, readWindow } from './window';

/** Looks at every value of a set. Throws UserError if a tensor does not fit the file. */
export function contentOfSet({ at, entries, settings }: PickledSet, locate: LocateStorage): SetContent {
  const tensors: StoredTensor[] = [];
  const unread: UnreadValue[] = [];
  for (const [name, value] of entries) {
    const array = value instanceof PickleObject && !objectsIn(value) ? arrayIn(value) : undefined;
    if (value instanceof TensorValue && isSupported(value.dtype)) tensors.push(storedTensor(name, value, locate));
    else if (array?.content && isNamedAsTensor(name, array)) tensors.push(storedArray(name, array));
    else unread.push(...unreadValue(name, value, array, at));
  }
  return { tensors, unread, settings };
}

function storedTensor(name: string, tensor: TensorValue, locate: LocateStorage): StoredTensor {
  const dtype = checkWindow(name, tensor);
  const { read, wholeOnly } = locate(tensor.storage, name);
  const touched = wholeOnly ? tensor.storage.byteLength : bytesTouched(tensor);
  const cost = Math.max(touched, byteLengthOf(dtype, tensor.shape));
  return { name, dtype, shape: tensor.shape, cost, load: () => readWindow(tensor, dtype, read) };
}

function storedArray(name: string, { shape, content }: PickledArray): StoredTensor {
  const { layout, values } = content as NonNullable<PickledArray['content']>;
  const load = () => Promise.resolve(tensorOfArray(layout, copiedBytes(values)));
  return { name, dtype: layout.dtype, shape, cost: values.length, load };
}

/** A single number of NumPy's is a tensor below a module, and an epoch or an accuracy elsewhere. */
function isNamedAsTensor(name: string, { shape }: PickledArray): boolean {
  return shape.length > 0 || name.includes('.');
}

/** What else stands under a name. At the root of a file plain values are facts about it, which are told elsewhere. */
function unreadValue(name: string, value: PickleValue, array: PickledArray | undefined, at: string): UnreadValue[] {
  if (value === null) return [];
  if (value instanceof TensorValue) return [unreadTensor(name, value.dtype, value.shape, kindOf(value.dtype, value.shape))];
  if (array && array.shape.length > 0) return [unreadArray(name, array)];
  if (value instanceof UnreadTensor) {
    const refusal = `holds ${quoted(name)} as ${value.what}`;
    return [{ name, what: value.what.split(';', 1)[0], refusal, kind: 'tensor' }];
  }
  const packed = unreadInside(value);
  const what = packed === undefined ? inWords(value) : `a list with ${packed.what.split(';', 1)[0]} in it`;
  const other: UnreadValue = {
    name,
    what,
    refusal: `holds ${quoted(name)} as ${packed === undefined ? `${what} where a tensor is needed` : `a list with ${packed.what}`}`,
    kind: packed === undefined ? 'other' : 'tensor',
  };
  return at !== '' || packed !== undefined || isNamedAsWeight(name) ? [other] : [];
}

function isNamedAsWeight(name: string): boolean {
  return /(^|\.)(weight|bias)$/.test(name);
}

function unreadArray(name: string, { code, shape, content }: PickledArray): UnreadValue {
  if (content === null && isSupportedCode(code)) return refuse(`is damaged: array ${quoted(name)} has other bytes than its shape says`);
  const isNumber = isIntegerCode(code) && elementCount(shape) <= 1;
  const refusal = `holds ${quoted(name)} as ${unreadNumpyType(code)}`;
  return { name, what: `array of type ${code || 'record'}`, refusal, kind: isNumber ? 'counter' : 'tensor' };
}

function kindOf(dtype: StoredType, shape: readonly number[]): UnreadValue['kind'] {
  return /^uint/.test(dtype) && elementCount(shape) <= 1 ? 'counter' : 'tensor';
}

/** Packed parameters of a quantized layer: a tensor that cannot be read, in a list. */
function unreadInside(value: PickleValue): UnreadTensor | undefined {
  const items = value instanceof PickleList || value instanceof PickleTuple ? value.items : [];
  return items.find((item) => item instanceof UnreadTensor);
}

function inWords(value: PickleValue): string {
  if (typeof value === 'string') return 'a text';
  if (typeof value === 'number' || typeof value === 'bigint') return 'a number';
  if (typeof value === 'boolean') return 'a flag';
  if (value instanceof PickleDict) return 'a dict';
  if (value instanceof PickleList || value instanceof PickleTuple) return 'a list';
  if (value instanceof PickleObject) return `a ${quoted(value.className)}`;
  return value instanceof GlobalName ? `the name ${quoted(value.path)}` : 'a value';
}
