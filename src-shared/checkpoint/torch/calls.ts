// Stand-ins for the functions PyTorch's own pickles call: they record a tensor's window on its storage.
import { elementCount } from '../../tensor/tensor';
import { refuse } from '../refuse';
import { type Call, malformed, type PickleMachine } from '../pickle/machine';
import { GlobalName, PickleObject, PickleTuple, type PickleValue } from '../pickle/values';
import { StorageValue, type StoredType, TensorValue, typeNamed } from './tensor-value';

const MOST_DIMENSIONS = 64;

/** torch._utils._rebuild_tensor(_v2)(storage, offset, size, stride, ...). */
const rebuildTensor: Call = (args, machine) => {
  const [storage, offset, size, stride] = args.items;
  const { dtype } = storageOf(storage);
  if (dtype === null) return malformed('makes a tensor without an element type');
  return windowOn(storageOf(storage), dtype, offset, size, stride, machine);
};

/** torch._utils._rebuild_tensor_v3(untyped storage, offset, size, stride, requires_grad, hooks, dtype, ...). */
const rebuildTensorV3: Call = (args, machine) => {
  const [storage, offset, size, stride, , , type] = args.items;
  const dtype = type instanceof GlobalName && type.module === 'torch' ? typeNamed(type.name) : undefined;
  if (dtype === undefined) return malformed('makes a tensor of an unknown element type');
  return windowOn(storageOf(storage), dtype, offset, size, stride, machine);
};

/** torch._utils._rebuild_parameter(data, requires_grad, hooks): a Parameter is its data. */
const rebuildParameter: Call = (args) => tensorOf(args.items[0]);

/** torch._tensor._rebuild_from_type_v2(function, type, arguments, state): a tensor with attributes is the tensor. */
const rebuildFromType: Call = (args, machine) => {
  const [rebuild, , rebuildArgs] = args.items;
  const standIn = rebuild instanceof GlobalName ? REBUILDERS[rebuild.path] : undefined;
  if (!standIn || !(rebuildArgs instanceof PickleTuple)) return malformed('makes a tensor in an unknown way');
  return standIn(rebuildArgs, machine, rebuild as GlobalName);
};

const REBUILDERS: Record<string, Call> = {
  'torch._utils._rebuild_tensor': rebuildTensor,
  'torch._utils._rebuild_tensor_v2': rebuildTensor,
  'torch._utils._rebuild_tensor_v3': rebuildTensorV3,
  'torch._utils._rebuild_parameter': rebuildParameter,
  'torch._utils._rebuild_parameter_with_state': rebuildParameter,
};

const refuseSparse: Call = () => refuse('holds a sparse tensor; save it dense (tensor.to_dense())');
const refuseQuantized: Call = () => refuse('holds a quantized tensor; save it dequantized (tensor.dequantize())');
const inert: Call = (args, _machine, callee) => new PickleObject(callee.path, args);

/** Everything of PyTorch that a checkpoint may call. */
export const TORCH_CALLS: Record<string, Call> = {
  ...REBUILDERS,
  'torch._tensor._rebuild_from_type_v2': rebuildFromType,
  'torch._utils._rebuild_sparse_tensor': refuseSparse,
  'torch._utils._rebuild_qtensor': refuseQuantized,
  'torch.Size': (args) => args.items[0] ?? new PickleTuple([]),
  'torch.device': inert,
  'torch.serialization._get_layout': inert,
};

function windowOn(
  storage: StorageValue,
  dtype: StoredType,
  offset: PickleValue,
  size: PickleValue,
  stride: PickleValue,
  machine: PickleMachine,
): TensorValue {
  const shape = sizesOf(size, machine);
  const strides = sizesOf(stride, machine);
  if (!isSize(offset) || shape.length !== strides.length) return malformed('makes a tensor of mismatched sizes and strides');
  if (!Number.isSafeInteger(elementCount(shape))) return malformed('makes a tensor of impossible dimensions');
  return new TensorValue(storage, dtype, storage.start + offset, shape, strides);
}

function sizesOf(value: PickleValue, machine: PickleMachine): number[] {
  if (!(value instanceof PickleTuple) || value.items.length > MOST_DIMENSIONS) return malformed('makes a tensor of impossible dimensions');
  machine.spend(value.items.length);
  return value.items.map((item) => (isSize(item) ? item : malformed('makes a tensor of impossible dimensions')));
}

function isSize(value: PickleValue): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function storageOf(value: PickleValue): StorageValue {
  return value instanceof StorageValue ? value : malformed('makes a tensor of what is no storage');
}

function tensorOf(value: PickleValue): TensorValue {
  return value instanceof TensorValue ? value : malformed('makes a parameter of what is no tensor');
}
