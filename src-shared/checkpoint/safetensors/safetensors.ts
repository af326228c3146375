// The safetensors format: the length of a JSON header, the header (name -> dtype, shape, byte range),
// the values. Invariant, as the format demands: the ranges cover the values without gap or overlap.
import { duplicateKey } from '../../base/duplicate-key';
import { isRecord } from '../../base/is-record';
import { UserError } from '../../base/user-error';
import { type DType, elementCount } from '../../tensor/tensor';
import type { ByteSource } from '../byte-source';
import type { FoundDirectory, StoredTensor, UnreadValue } from '../checkpoint-file';
import { quoted, refuse } from '../refuse';
import { byteLengthOf, tensorOfBytes, uint64At, utf8Text, viewOf } from '../tensor-bytes';
import { unreadTensor } from '../unread';

export const HEADER_LENGTH_BYTES = 8;
/** The reference implementation's own limit. */
const LONGEST_HEADER = 100_000_000;

/** The format's names of the types this program holds. */
export const SAFETENSORS_TYPES: Readonly<Record<DType, string>> = {
  float64: 'F64',
  float32: 'F32',
  float16: 'F16',
  bfloat16: 'BF16',
  int64: 'I64',
  int32: 'I32',
  int16: 'I16',
  int8: 'I8',
  uint8: 'U8',
  bool: 'BOOL',
};
const TYPE_NAMED = new Map(Object.entries(SAFETENSORS_TYPES).map(([dtype, name]) => [name, dtype as DType]));

interface Entry {
  readonly name: string;
  readonly typeName: string;
  /** undefined for types this program does not hold. */
  readonly dtype: DType | undefined;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

type HeldEntry = Entry & { readonly dtype: DType };

/** Reads the header. Throws UserError if it does not describe the file. */
export async function readSafetensors(source: ByteSource): Promise<FoundDirectory> {
  const length = uint64At(viewOf(await source.read(0, HEADER_LENGTH_BYTES)), 0);
  if (length > LONGEST_HEADER || HEADER_LENGTH_BYTES + length > source.size)
    refuse('is cut off: its safetensors header is longer than the file; download or copy it again');
  const header = parseHeader(await source.read(HEADER_LENGTH_BYTES, length));
  const entries = Object.entries(header).filter(([name]) => name !== '__metadata__');
  const parsed = entries.map(([name, entry]) => parseEntry(name, entry));
  const dataStart = HEADER_LENGTH_BYTES + length;
  checkCoverage(parsed, source.size - dataStart);
  const held = parsed.filter(isHeld);
  const unread = parsed.filter((entry) => !isHeld(entry)).map(unreadEntry);
  return {
    format: 'safetensors',
    contentBytes: source.size,
    metadata: parseMetadata(header.__metadata__),
    sets: [
      {
        name: '',
        tensorNames: held.map(({ name }) => name),
        content: () => ({ tensors: held.map((entry) => storedTensor(source, dataStart, entry)), unread, settings: new Map() }),
      },
    ],
  };
}

/** Types of the format that this program does not hold, whole numbers apart. */
function unreadEntry({ name, typeName, shape }: Entry): UnreadValue {
  return unreadTensor(name, typeName, shape, /^U\d+$/.test(typeName) && elementCount(shape) <= 1 ? 'counter' : 'tensor');
}

function isHeld(entry: Entry): entry is HeldEntry {
  return entry.dtype !== undefined;
}

function storedTensor(source: ByteSource, dataStart: number, { name, dtype, shape, begin, end }: HeldEntry): StoredTensor {
  const load = async () => tensorOfBytes(dtype, shape, await source.read(dataStart + begin, end - begin));
  return { name, dtype, shape, cost: end - begin, load };
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  const text = utf8Text(bytes) ?? refuse('is damaged: its safetensors header is not UTF-8 text');
  try {
    const header: unknown = JSON.parse(text);
    if (isRecord(header)) return withoutDuplicates(header, text);
  } catch (error) {
    if (error instanceof UserError) throw error;
    // The parser's own message says nothing about the file.
  }
  return refuse('is damaged: its safetensors header is not JSON');
}

/** Readers differ in which of two entries of one name they take. */
function withoutDuplicates(header: Record<string, unknown>, text: string): Record<string, unknown> {
  const twice = duplicateKey(text);
  return twice === null ? header : refuse(`is damaged: its header has ${quoted(twice)} twice`);
}

function parseEntry(name: string, entry: unknown): Entry {
  const where = `is damaged: its header describes tensor ${quoted(name)}`;
  if (!isRecord(entry)) return refuse(`${where} by what is no record`);
  const { dtype: typeName, shape, data_offsets: range } = entry;
  if (typeof typeName !== 'string') return refuse(`${where} without an element type`);
  const dtype = TYPE_NAMED.get(typeName);
  if (!isSizes(shape)) return refuse(`${where} without a proper shape`);
  if (!isSizes(range) || range.length !== 2) return refuse(`${where} without a proper byte range`);
  const [begin, end] = range;
  if (begin > end || (dtype && end - begin !== byteLengthOf(dtype, shape)))
    refuse(`${where} with a byte range that does not fit its shape`);
  return { name, typeName, dtype, shape, begin, end };
}

function checkCoverage(entries: readonly Entry[], dataLength: number): void {
  let end = 0;
  for (const entry of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (entry.begin !== end) refuse(`is damaged: the values of tensor ${quoted(entry.name)} do not follow those before them`);
    end = entry.end;
  }
  if (end > dataLength) refuse(`is cut off: its tensors take ${end} bytes and it holds ${dataLength}; download or copy it again`);
  if (end < dataLength) refuse(`is damaged: ${dataLength - end} bytes at its end belong to no tensor`);
}

function parseMetadata(value: unknown): Record<string, string> {
  if (value === undefined) return {};
  if (!isRecord(value)) return refuse('is damaged: its metadata is no record');
  const notText = Object.keys(value).find((key) => typeof value[key] !== 'string');
  if (notText !== undefined) refuse(`is damaged: its metadata ${quoted(notText)} is no text`);
  return value as Record<string, string>;
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.length <= 64 && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}
