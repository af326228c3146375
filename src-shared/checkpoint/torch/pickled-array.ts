// NumPy arrays and numbers as pickles hold them: _reconstruct(class, ...) with the state (version, shape, dtype,
// Fortran order, bytes), _frombuffer(bytes, dtype, shape, order) from protocol 5 on, scalar(dtype, bytes).
// Invariant: an array's bytes are exactly its elements.
import { elementCount } from '../../tensor/tensor';
import { numpyType, type ArrayLayout } from '../numpy/numpy-type';
import { itemsIn, PickleList, PickleObject, PickleTuple, type PickleValue } from '../pickle/values';
import { byteLengthOf } from '../tensor-bytes';

/** An array's bytes; Python 2 wrote them as text. */
type RawValues = Uint8Array | string;

/** An array of a pickle. */
export interface PickledArray {
  /** NumPy's code of the element type, `''` for records of several fields. */
  readonly code: string;
  readonly shape: readonly number[];
  /** Layout and values; null where they are of a type this program does not hold, or are not as many as the shape says. */
  readonly content: { readonly layout: ArrayLayout; readonly values: RawValues } | null;
}

const CALL = /^numpy\.(?:_?core\.(?:multiarray|numeric)|ma\.core)\.(_reconstruct|_frombuffer|scalar)$/;
const MOST_DIMENSIONS = 64;

/** The array or number that `value` stands for, if it does. */
export function arrayIn(value: PickleValue): PickledArray | undefined {
  if (!(value instanceof PickleObject)) return undefined;
  const args = itemsIn(value.args) ?? [];
  switch (CALL.exec(value.className)?.[1]) {
    case '_reconstruct':
      return ofState(value.state);
    case '_frombuffer':
      return arrayOf(args[1], args[2], args[3] === 'F', args[0]);
    case 'scalar':
      return arrayOf(args[0], new PickleTuple([]), false, args[1]);
    default:
      return undefined;
  }
}

/** The Python objects of an array of objects: a dict saved through NumPy. */
export function objectsIn(value: PickleValue): readonly PickleValue[] | undefined {
  const state = value instanceof PickleObject && arrayIn(value) ? itemsIn(value.state) : undefined;
  const content = state?.at(-1);
  return content instanceof PickleList ? content.items : undefined;
}

/** A number of NumPy's as a plain one: the epoch or accuracy of a training script. */
export function numberIn(value: PickleValue): number | bigint | boolean | undefined {
  if (!(value instanceof PickleObject) || !value.className.endsWith('.scalar')) return undefined;
  const content = arrayIn(value)?.content;
  if (!content || content.layout.bigEndian || content.layout.shape.length > 0) return undefined;
  const view = new DataView(copiedBytes(content.values).buffer);
  switch (content.layout.dtype) {
    case 'float64':
      return view.getFloat64(0, true);
    case 'float32':
      return view.getFloat32(0, true);
    case 'int64':
      return view.getBigInt64(0, true);
    case 'int32':
      return view.getInt32(0, true);
    case 'bool':
      return view.getUint8(0) !== 0;
    default:
      return undefined;
  }
}

/** The state of an array: (version, shape, dtype, Fortran order, values), in very old files without the version. */
function ofState(state: PickleValue): PickledArray | undefined {
  const items = itemsIn(state) ?? [];
  if (items.length < 4) return undefined;
  const [shape, dtype, fortranOrder, content] = items.slice(-4);
  return arrayOf(dtype, shape, fortranOrder === true, content);
}

function arrayOf(
  dtype: PickleValue | undefined,
  shape: PickleValue | undefined,
  fortranOrder: boolean,
  content: PickleValue | undefined,
): PickledArray | undefined {
  const sizes = itemsIn(shape);
  if (!sizes || sizes.length > MOST_DIMENSIONS || !sizes.every(isSize)) return undefined;
  const code = codeOf(dtype);
  const type = numpyType(code);
  if (!Number.isSafeInteger(elementCount(sizes))) return undefined;
  const values = content instanceof Uint8Array || typeof content === 'string' ? content : undefined;
  const fits = type !== undefined && values?.length === byteLengthOf(type.dtype, sizes);
  return { code, shape: sizes, content: fits ? { layout: { ...type, shape: sizes, fortranOrder }, values } : null };
}

/** `<f4` of numpy.dtype('f4') with the state (version, byte order, ...). Records have their fields' names in the state. */
function codeOf(dtype: PickleValue | undefined): string {
  if (!(dtype instanceof PickleObject) || dtype.className !== 'numpy.dtype') return '';
  const [code] = itemsIn(dtype.args) ?? [];
  const [, order, , fields] = itemsIn(dtype.state) ?? [];
  if (typeof code !== 'string' || (fields !== undefined && fields !== null)) return '';
  return `${typeof order === 'string' ? order : ''}${code}`;
}

/** The bytes, in an array of their own. */
export function copiedBytes(values: RawValues): Uint8Array<ArrayBuffer> {
  return typeof values === 'string' ? Uint8Array.from(values, (character) => character.charCodeAt(0)) : Uint8Array.from(values);
}

function isSize(value: PickleValue): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
