// Tells models in protobuf apart by the structure of their first fields (number and wire type), not by version
// numbers: ONNX's ModelProto begins with its version and texts that say who made it.

/** A field of a message: its number, its wire type, and its bytes where it has a length. */
interface Field {
  readonly number: number;
  readonly wire: number;
  readonly content: string;
}

const VARINT = 0;
const BYTES = 2;
/** ModelProto (onnx.proto): field number -> wire type. */
const ONNX_FIELDS: ReadonlyMap<number, number> = new Map([
  ...[1, 5].map((number): [number, number] => [number, VARINT]),
  ...[2, 3, 4, 6, 7, 8, 14, 20, 25, 26].map((number): [number, number] => [number, BYTES]),
]);
const ONNX_TEXTS = new Set([2, 3, 4, 6]);
const GRAPH = 7;
const OPSETS = 8;
const MOST_FIELDS = 32;

/** What kind of protobuf model a file is whose first bytes (as Latin-1) are `start`; null for none. */
export function protobufModel(start: string): 'onnx' | 'other' | null {
  const fields = fieldsOf(start);
  if (fields.length === 0) return null;
  if (isOnnx(fields)) return 'onnx';
  // TensorFlow's SavedModel and Core ML: a version, then a message; a frozen graph and Caffe: messages from the first byte on.
  const [first, second] = fields;
  const isMessage = (field: Field | undefined): boolean => field?.wire === BYTES && field.content.length > 0;
  const isVersioned = first.number === 1 && first.wire === VARINT && second?.number === 2 && isMessage(second);
  const isGraph = start.startsWith('\x0a') && fields.length >= 2 && fields.every(isMessage);
  return isVersioned || isGraph ? 'other' : null;
}

function isOnnx(fields: readonly Field[]): boolean {
  const end = fields.findIndex(({ number }) => number === GRAPH);
  const before = end < 0 ? fields : fields.slice(0, end + 1);
  const numbers = new Set(before.map(({ number }) => number));
  const isModel = before.every(({ number, wire }) => ONNX_FIELDS.get(number) === wire);
  const areTexts = before.every(({ number, content }) => !ONNX_TEXTS.has(number) || /^[\x09\x0a\x0d\x20-\xff]*$/.test(content));
  return isModel && areTexts && numbers.has(1) && (numbers.has(GRAPH) || numbers.has(OPSETS)) && !before.some(isMessageAsText);
}

/** A producer's name is a text, not a message that happens to be printable: that would begin with a field's tag. */
function isMessageAsText({ number, content }: Field): boolean {
  return number === 2 && /[\0-\x08\x0b\x0c\x0e-\x1f]/.test(content);
}

/** The fields at the start, up to the first that is none or is cut off. */
function fieldsOf(start: string): Field[] {
  const fields: Field[] = [];
  for (let at = 0; at < start.length && fields.length < MOST_FIELDS; ) {
    const tag = varint(start, at);
    if (tag === null || tag.value < 8) break;
    const [number, wire] = [Math.floor(tag.value / 8), tag.value % 8];
    const value = wire === VARINT || wire === BYTES ? varint(start, tag.end) : null;
    if (value === null) break;
    const end = wire === BYTES ? value.end + value.value : value.end;
    fields.push({ number, wire, content: wire === BYTES ? start.slice(value.end, end) : '' });
    at = end;
  }
  return fields;
}

function varint(text: string, at: number): { value: number; end: number } | null {
  let value = 0;
  for (let i = 0; i < 7 && at + i < text.length; i++) {
    const byte = text.charCodeAt(at + i);
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, end: at + i + 1 };
  }
  return null;
}
