// The pickle of a PyTorch state dict, protocol 2: an OrderedDict of _rebuild_tensor_v2 calls, each on
// a storage of its own, numbered in order. It uses only instructions that torch.load(weights_only=True)
// reads, and those every PyTorch with the zip format (1.6 and later) knows.
import type { DType, TensorInfo } from '../../tensor/tensor';
import { elementCount } from '../../tensor/tensor';

const STORAGE_OF: Readonly<Record<DType, string>> = {
  float64: 'DoubleStorage',
  float32: 'FloatStorage',
  float16: 'HalfStorage',
  bfloat16: 'BFloat16Storage',
  int64: 'LongStorage',
  int32: 'IntStorage',
  int16: 'ShortStorage',
  int8: 'CharStorage',
  uint8: 'ByteStorage',
  bool: 'BoolStorage',
};

const [MARK, TUPLE, REDUCE, EMPTY_TUPLE, NEWFALSE, BINPERSID, SETITEMS, STOP] = Array.from('(tR)\x89Qu.', (c) => c.charCodeAt(0));

/** The pickle of a state dict whose tensor number i lies contiguous in storage `data/i`. */
export function pickleStateDict(tensors: readonly TensorInfo[]): Uint8Array {
  const out = new PickleWriter();
  out.code(0x80, 2);
  emptyOrderedDict(out);
  out.code(MARK);
  tensors.forEach((tensor, index) => {
    out.text(tensor.name);
    tensorCall(out, tensor, index);
  });
  out.code(SETITEMS, STOP);
  return Uint8Array.from(out.bytes);
}

/** _rebuild_tensor_v2(storage, offset, size, stride, requires_grad, backward_hooks). */
function tensorCall(out: PickleWriter, { dtype, shape }: TensorInfo, index: number): void {
  out.global('torch._utils', '_rebuild_tensor_v2');
  out.code(MARK, MARK);
  out.shared('storage');
  out.global('torch', STORAGE_OF[dtype]);
  out.text(String(index));
  out.shared('cpu');
  out.integer(elementCount(shape));
  out.code(TUPLE, BINPERSID);
  out.integer(0);
  out.integers(shape);
  out.integers(shape.map((_, axis) => elementCount(shape.slice(axis + 1))));
  out.code(NEWFALSE);
  emptyOrderedDict(out);
  out.code(TUPLE, REDUCE);
}

function emptyOrderedDict(out: PickleWriter): void {
  out.global('collections', 'OrderedDict');
  out.code(EMPTY_TUPLE, REDUCE);
}

/** Pickle instructions; names and texts that recur are written once and recalled from the memo. */
class PickleWriter {
  readonly bytes: number[] = [];
  readonly #memo = new Map<string, number>();

  code(...codes: number[]): void {
    this.bytes.push(...codes);
  }

  global(module: string, name: string): void {
    this.recallOr(`c${module}\n${name}\n`, (text) => this.raw(text));
  }

  /** A text that recurs. */
  shared(text: string): void {
    this.recallOr(`X${text}`, () => this.text(text));
  }

  text(text: string): void {
    const utf8 = new TextEncoder().encode(text);
    this.code(0x58);
    this.uint32(utf8.length);
    for (const byte of utf8) this.bytes.push(byte);
  }

  integer(value: number): void {
    if (value <= 0xff) this.code(0x4b, value);
    else if (value <= 0xffff) this.code(0x4d, value & 0xff, value >>> 8);
    else if (value <= 0x7fffffff) {
      this.code(0x4a);
      this.uint32(value);
    } else {
      this.code(0x8a, 8); // LONG1
      this.uint32(value >>> 0);
      this.uint32(Math.floor(value / 2 ** 32));
    }
  }

  /** A tuple of integers. */
  integers(values: readonly number[]): void {
    this.code(MARK);
    for (const value of values) this.integer(value);
    this.code(TUPLE);
  }

  private recallOr(what: string, write: (what: string) => void): void {
    const known = this.#memo.get(what);
    if (known !== undefined) return this.code(0x68, known); // BINGET
    write(what);
    this.code(0x71, this.#memo.size); // BINPUT
    this.#memo.set(what, this.#memo.size);
  }

  private raw(text: string): void {
    for (let i = 0; i < text.length; i++) this.bytes.push(text.charCodeAt(i));
  }

  private uint32(value: number): void {
    this.code(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24);
  }
}
