// Stand-ins for the functions PyTorch's own pickles call: they record a tensor's window on its storage.
import { elementCount } from '../../tensor/tensor';
import { quoted } from '../refuse';
import { type Call, malformed, type PickleMachine } from '../pickle/machine';
import { GlobalName, nameOf, PickleDict, PickleObject, PickleTuple, type PickleValue, UnreadTensor } from '../pickle/values';
import { StorageValue, type StoredType, TensorValue, typeNamed } from './tensor-value';

const MOST_DIMENSIONS = 64;

/** torch._utils._rebuild_tensor(_v2)(storage, offset, size, stride, requires_grad, hooks, metadata). */
const rebuildTensor: Call = (args, machine, callee) => {
  const [storage, offset, size, stride, , , metadata] = args.items;
  if (!(storage instanceof StorageValue)) return withoutStorage(args, callee);
  if (storage.dtype === null) return malformed('makes a tensor without an element type');
  return windowOn(storage, storage.dtype, [offset, size, stride], machine, metadata) ?? lazyView(callee, args);
};

/** torch._utils._rebuild_tensor_v3(untyped storage, offset, size, stride, requires_grad, hooks, dtype, metadata). */
const rebuildTensorV3: Call = (args, machine, callee) => {
  const [storage, offset, size, stride, , , type = null, metadata] = args.items;
  if (!(storage instanceof StorageValue)) return withoutStorage(args, callee);
  const dtype = type instanceof GlobalName && type.module === 'torch' ? typeNamed(type.name) : undefined;
  if (dtype === undefined) return unread(callee, args, `a tensor of element type ${quoted(nameOf(type))}; convert it in PyTorch first`);
  return windowOn(storage, dtype, [offset, size, stride], machine, metadata) ?? lazyView(callee, args);
};

/** Saved by pickle.dump instead of torch.save, a tensor carries its storage as bytes that only running code reads. */
function withoutStorage(args: PickleTuple, callee: GlobalName): PickleValue {
  const [storage] = args.items;
  if (!(storage instanceof PickleObject)) return malformed('makes a tensor of what is no storage');
  return unread(
    callee,
    args,
    `a tensor in a ${quoted(storage.className)}, which is no storage this program reads; save it with torch.save`,
  );
}

/** A Parameter is its data, and a tensor of another device its values: f(data, ...). */
const sameAsData: Call = (args) => {
  const [data] = args.items;
  return data instanceof TensorValue || data instanceof PickleObject ? data : malformed('makes a parameter of what is no tensor');
};

/** torch._tensor._rebuild_from_type_v2(function, type, arguments, state): a tensor with attributes is the tensor. */
const rebuildFromType: Call = (args, machine, callee) => {
  const [rebuild, type = null, rebuildArgs] = args.items;
  const standIn = rebuild instanceof GlobalName ? REBUILDERS[rebuild.path] : undefined;
  if (standIn && rebuildArgs instanceof PickleTuple) return standIn(rebuildArgs, machine, rebuild as GlobalName);
  return unread(callee, args, `a ${quoted(nameOf(type))}, a kind of tensor this program does not know; save plain tensors`);
};

const REBUILDERS: Record<string, Call> = {
  'torch._utils._rebuild_tensor': rebuildTensor,
  'torch._utils._rebuild_tensor_v2': rebuildTensor,
  'torch._utils._rebuild_tensor_v3': rebuildTensorV3,
  'torch._utils._rebuild_parameter': sameAsData,
  'torch._utils._rebuild_parameter_with_state': sameAsData,
  'torch._utils._rebuild_device_tensor_from_cpu_tensor': sameAsData,
  'torch._utils._rebuild_device_tensor_from_numpy': sameAsData,
  'torch._utils._rebuild_xla_tensor': sameAsData,
};

function unread(callee: GlobalName, args: PickleTuple, what: string): UnreadTensor {
  return new UnreadTensor(callee.path, args, what);
}

function lazyView(callee: GlobalName, args: PickleTuple): UnreadTensor {
  return unread(callee, args, 'a view that is negated or conjugated when it is read; save it resolved (tensor.resolve_neg())');
}

const unreadAs =
  (what: string): Call =>
  (args, _machine, callee) =>
    unread(callee, args, what);
const SPARSE = unreadAs('a sparse tensor; save it dense (tensor.to_dense())');
const QUANTIZED = unreadAs('a quantized tensor; save it dequantized (tensor.dequantize())');
const WITHOUT_VALUES = unreadAs('a tensor without values (device "meta"); save it after the weights were loaded');

/** Everything of PyTorch whose calls make more than themselves. */
export const TORCH_CALLS: Record<string, Call> = {
  ...REBUILDERS,
  'torch._tensor._rebuild_from_type': rebuildFromType,
  'torch._tensor._rebuild_from_type_v2': rebuildFromType,
  'torch._utils._rebuild_sparse_tensor': SPARSE,
  'torch._utils._rebuild_sparse_csr_tensor': SPARSE,
  'torch._utils._rebuild_qtensor': QUANTIZED,
  'torch._utils._rebuild_meta_tensor_no_storage': WITHOUT_VALUES,
  'torch.Size': (args) => args.items[0] ?? new PickleTuple([]),
};

/** The stand-in for a call whose name says that it makes a tensor, and which is not among the known ones. */
export function tensorCall(callee: GlobalName): Call | undefined {
  if (!/^torch\._(utils|tensor)\._rebuild_/.test(callee.path)) return undefined;
  return unreadAs(`a tensor made by ${quoted(callee.path)}, which this program does not know; save plain tensors`);
}

type Numbers = PickleValue | undefined;

/** The window (offset, size, stride) on a storage; null where its values are not the storage's own but negated or conjugated ones. */
function windowOn(
  storage: StorageValue,
  dtype: StoredType,
  [offset, size, stride]: readonly [Numbers, Numbers, Numbers],
  machine: PickleMachine,
  metadata: Numbers,
): TensorValue | null {
  const shape = sizesOf(size, machine);
  const strides = sizesOf(stride, machine);
  if (!isSize(offset) || shape.length !== strides.length) return malformed('makes a tensor of mismatched sizes and strides');
  if (!Number.isSafeInteger(elementCount(shape))) return malformed('makes a tensor of impossible dimensions');
  if (metadata instanceof PickleDict && (metadata.get('neg') === true || metadata.get('conj') === true)) return null;
  return new TensorValue(storage, dtype, storage.start + offset, shape, strides);
}

function sizesOf(value: Numbers, machine: PickleMachine): number[] {
  if (!(value instanceof PickleTuple) || value.items.length > MOST_DIMENSIONS) return malformed('makes a tensor of impossible dimensions');
  machine.spend(value.items.length);
  return value.items.map((item) => (isSize(item) ? item : malformed('makes a tensor of impossible dimensions')));
}

function isSize(value: Numbers): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
