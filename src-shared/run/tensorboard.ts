// Training metrics as a TensorBoard event file: records of (length, masked CRC-32C, Event message, masked
// CRC-32C), where an Event holds one or more scalars. The file is written by appending: header, then events.
import type { TrainingEvent } from '../training/recipe/event';

/** One number of a curve. */
interface Scalar {
  readonly tag: string;
  readonly value: number;
}

/** What an event file begins with; its name must contain `tfevents`. `wallTime` in seconds since 1970. */
export function tensorboardHeader(wallTime: number): Uint8Array {
  return record(join(double(1, wallTime), text(3, 'brain.Event:2')));
}

/** The record to append for a training event; empty for events without numbers. Steps count over the run, epochs from 1. */
export function tensorboardRecord(event: TrainingEvent, wallTime: number): Uint8Array {
  switch (event.type) {
    case 'step': {
      const { loss, metric, learningRate, imagesPerSecond } = event;
      const scalars = { 'train/loss': loss, 'train/metric': metric, 'learning rate': learningRate, 'images per second': imagesPerSecond };
      return scalarRecord(scalars, (event.epoch - 1) * event.stepsPerEpoch + event.step, wallTime);
    }
    case 'epoch': {
      const { train, validation, seconds } = event;
      const scalars = { 'epoch/train loss': train.loss, 'epoch/train metric': train.metric, 'epoch/seconds': seconds };
      const { loss, metric, verification } = validation;
      const pairs: Record<string, number> = verification === undefined ? {} : { 'epoch/verification': verification };
      return scalarRecord(
        { ...scalars, 'epoch/validation loss': loss, 'epoch/validation metric': metric, ...pairs },
        event.epoch,
        wallTime,
      );
    }
    case 'norms':
      return scalarRecord(
        Object.fromEntries(
          event.parameters.flatMap(({ name, weight, gradient }) => [
            [`weight norm/${name}`, weight],
            [`gradient norm/${name}`, gradient],
          ]),
        ),
        event.epoch,
        wallTime,
      );
    default:
      return new Uint8Array(0);
  }
}

/** How many bytes the first `most` whole records of an event file take, and how many there are; a record cut off by a kill does not count. */
export function tensorboardLength(file: Uint8Array, most: number): { readonly bytes: number; readonly records: number } {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let [bytes, records] = [0, 0];
  while (records < most && bytes + FRAME_BYTES <= file.length) {
    const end = bytes + FRAME_BYTES + view.getUint32(bytes, true);
    if (end > file.length) break;
    [bytes, records] = [end, records + 1];
  }
  return { bytes, records };
}

function scalarRecord(scalars: Readonly<Record<string, number>>, step: number, wallTime: number): Uint8Array {
  const values = Object.entries(scalars).map(([tag, value]) => message(1, scalarValue({ tag, value })));
  return record(join(double(1, wallTime), varintField(2, step), message(5, join(...values))));
}

function scalarValue({ tag, value }: Scalar): Uint8Array {
  return join(text(1, tag), float(2, value));
}

/** What a record has around its content: length (8) and two checksums (4 each). */
const FRAME_BYTES = 16;

/** Protocol buffer wire types. */
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push(rest < 128 ? rest : (rest % 128) | 128);
    if (rest < 128) return bytes;
  }
}

const key = (field: number, wireType: number): number[] => varint(field * 8 + wireType);

function varintField(field: number, value: number): Uint8Array {
  return Uint8Array.from([...key(field, VARINT), ...varint(value)]);
}

function message(field: number, content: Uint8Array): Uint8Array {
  return join(Uint8Array.from([...key(field, BYTES), ...varint(content.length)]), content);
}

function text(field: number, content: string): Uint8Array {
  return message(field, new TextEncoder().encode(content));
}

function double(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return join(Uint8Array.from(key(field, FIXED64)), bytes);
}

function float(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return join(Uint8Array.from(key(field, FIXED32)), bytes);
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (joined.set(part, at), at + part.length), 0);
  return joined;
}

function record(content: Uint8Array): Uint8Array {
  const length = new Uint8Array(8);
  new DataView(length.buffer).setUint32(0, content.length, true);
  return join(length, maskedChecksum(length), content, maskedChecksum(content));
}

const CASTAGNOLI = 0x82f63b78;
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ CASTAGNOLI : value >>> 1;
  return value;
});

/** CRC-32C (Castagnoli). */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** The checksum turned by 15 bits plus a constant, as the record format asks. */
function maskedChecksum(bytes: Uint8Array): Uint8Array {
  const crc = crc32c(bytes);
  const masked = (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
  const result = new Uint8Array(4);
  new DataView(result.buffer).setUint32(0, masked, true);
  return result;
}
