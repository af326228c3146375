// The three formats, both ways, and what each refuses.
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { toFloat32 } from '../tensor/convert';
import type { DType, NamedTensors, Tensor, TensorData } from '../tensor/tensor';
import { UserError } from '../base/user-error';
import { memorySource } from './byte-source';
import type { WrittenFormat } from './write';
import { entriesOfTensors } from './entries';
import { checkpointBytes, MemorySink, openCheckpointBytes } from './in-memory';
import { openCheckpoint } from './open-checkpoint';
import { ZipWriter } from './zip/writer';

const DATA: Record<DType, TensorData> = {
  float64: Float64Array.of(Math.PI, -0, 1e300, NaN, Infinity, 5),
  float32: Float32Array.of(1.5, -0, 1e-45, NaN, -Infinity, 3e38),
  float16: Uint16Array.of(0x3c00, 0x8000, 1, 0x7e00, 0x7c00, 0x7bff),
  bfloat16: Uint16Array.of(0x3f80, 0x8000, 1, 0x7fc0, 0x7f80, 0x7f7f),
  int64: BigInt64Array.of(0n, -1n, 2n ** 62n, -(2n ** 63n), 7n, 8n),
  int32: Int32Array.of(0, -1, 2 ** 31 - 1, -(2 ** 31), 7, 8),
  int16: Int16Array.of(0, -1, 32767, -32768, 7, 8),
  int8: Int8Array.of(0, -1, 127, -128, 7, 8),
  uint8: Uint8Array.of(0, 1, 255, 128, 7, 8),
  bool: Uint8Array.of(0, 1, 1, 0, 1, 0),
};

/** A tensor of each type, odd shapes, and names that are hard on containers. */
function everything(): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  for (const [dtype, data] of Object.entries(DATA)) tensors.set(`layer.${dtype}`, { shape: [2, 3], dtype: dtype as DType, data });
  tensors.set('bn.num_batches_tracked', { shape: [], dtype: 'int64', data: BigInt64Array.of(12345n) });
  tensors.set('empty', { shape: [0, 4], dtype: 'float32', data: new Float32Array(0) });
  tensors.set('10', { shape: [1], dtype: 'float32', data: Float32Array.of(10) });
  tensors.set('2', { shape: [1], dtype: 'uint8', data: Uint8Array.of(2) });
  tensors.set('größe "x"', { shape: [70000], dtype: 'float32', data: new Float32Array(70000).fill(0.25) });
  return tensors;
}

const withoutBfloat16 = (tensors: Map<string, Tensor>) => new Map([...tensors].filter(([, { dtype }]) => dtype !== 'bfloat16'));
const tensorsFor = (format: WrittenFormat) => (format === 'npz' ? withoutBfloat16(everything()) : everything());
const named = (tensors: NamedTensors) => entriesOfTensors(tensors);
const FORMATS: WrittenFormat[] = ['pth', 'safetensors', 'npz'];

describe.each(FORMATS)('%s', (format) => {
  it('gives back names, order, types, shapes and every bit', async () => {
    const tensors = tensorsFor(format);
    const file = await openCheckpointBytes(await checkpointBytes(format, named(tensors)), 'x');
    expect(file.format).toBe(format);
    // JSON objects put names that are whole numbers first; the other formats keep their order too.
    const order = format === 'safetensors' ? (names: string[]) => names.filter((name) => !/^\d+$/.test(name)) : (names: string[]) => names;
    expect(order(file.tensors.map(({ name }) => name))).toEqual(order([...tensors.keys()]));
    expect(await file.readAll()).toEqual(tensors);
  });

  it('is written the same twice', async () => {
    const tensors = tensorsFor(format);
    expect(await checkpointBytes(format, named(tensors))).toEqual(await checkpointBytes(format, named(tensors)));
  });

  it('reads its directory alone when it is opened, and then one tensor alone', async () => {
    const big = new Map<string, Tensor>([
      ['a', { shape: [500_000], dtype: 'float32', data: new Float32Array(500_000) }],
      ['b', { shape: [3], dtype: 'float32', data: Float32Array.of(1, 2, 3) }],
    ]);
    const bytes = await checkpointBytes(format, named(big));
    let read = 0;
    const memory = memorySource(bytes);
    const file = await openCheckpoint({ ...memory, read: (at, length) => ((read += length), memory.read(at, length)) }, 'x');
    expect((await file.read('b')).data).toEqual(Float32Array.of(1, 2, 3));
    // A zip's directory is looked for in the last 64 KiB.
    expect(read).toBeLessThan(80_000);
  });

  it('is refused wherever it is cut off', async () => {
    const bytes = await checkpointBytes(format, named(new Map([['w', { shape: [4], dtype: 'float32', data: new Float32Array(4) }]])));
    for (let length = 0; length < bytes.length; length++) {
      const reading = openCheckpointBytes(bytes.slice(0, length), 'x').then((file) => file.readAll());
      await expect(reading, `cut to ${length}`).rejects.toThrow(UserError);
    }
  });

  it('narrows floating tensors on request and leaves counters alone', async () => {
    const file = await openCheckpointBytes(await checkpointBytes(format, named(withoutBfloat16(everything())), { dtype: 'float16' }), 'x');
    const types = new Set(file.tensors.map(({ dtype }) => dtype));
    expect([...types].sort()).toEqual(['bool', 'float16', 'int16', 'int32', 'int64', 'int8', 'uint8']);
    expect(toFloat32(await file.read('10')).data).toEqual(Float32Array.of(10));
  });
});

describe('safetensors', () => {
  const file = (header: unknown, data = 8) => {
    const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
    const bytes = new Uint8Array(8 + json.length + data);
    new DataView(bytes.buffer).setUint32(0, json.length, true);
    bytes.set(json, 8);
    return bytes;
  };
  const entry = { dtype: 'F32', shape: [2], data_offsets: [0, 8] };

  it('keeps metadata', async () => {
    const bytes = await checkpointBytes('safetensors', named(everything()), { metadata: { model: 'repmlpnet-t224' } });
    expect((await openCheckpointBytes(bytes, 'x')).metadata).toEqual({ format: 'pt', model: 'repmlpnet-t224' });
  });

  it('lays every array at a multiple of its element size', async () => {
    const bytes = await checkpointBytes('safetensors', named(everything()));
    const length = new DataView(bytes.buffer).getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Record<
      string,
      { dtype: string; data_offsets: number[] }
    >;
    for (const [name, { dtype, data_offsets: offsets }] of Object.entries(header)) {
      if (name !== '__metadata__') expect((8 + length + offsets[0]) % (Number(dtype.replace(/\D/g, '') || 8) / 8)).toBe(0);
    }
  });

  it.each([
    ['a gap', { a: { ...entry, data_offsets: [4, 12] } }, 12, /do not follow/],
    ['an overlap', { a: entry, b: { ...entry, data_offsets: [4, 12] } }, 12, /do not follow/],
    ['bytes left over', { a: entry }, 9, /belong to no tensor/],
    ['too few bytes', { a: entry }, 7, /cut off/],
    ['a range that does not fit', { a: { ...entry, shape: [3] } }, 8, /does not fit its shape/],
    ['a foreign type', { a: { ...entry, dtype: 'F8_E4M3' } }, 8, /F8_E4M3/],
    ['no type', { a: { ...entry, dtype: [[]] } }, 8, /without an element type/],
    ['a negative size', { a: { ...entry, shape: [-2] } }, 8, /proper shape/],
    ['sizes beyond all numbers', { a: { ...entry, shape: new Array(64).fill(2 ** 52) } }, 8, /does not fit/],
    ['no JSON', '{"a":', 8, /not JSON/],
    ['metadata of another kind', { __metadata__: { a: [1] }, a: entry }, 8, /is no text/],
  ])('with %s is refused', async (_what, header, data, why) => {
    await expect(openCheckpointBytes(file(header, data), 'x')).rejects.toThrow(why);
  });

  it('takes names that objects treat specially', async () => {
    const opened = await openCheckpointBytes(file('{"__proto__":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'), 'x');
    expect(opened.tensors).toEqual([{ name: '__proto__', dtype: 'float32', shape: [2] }]);
  });
});

describe('npz', () => {
  const npy = (descr: string, shape: string, data: Uint8Array, order = 'False') => {
    const text = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }\n`;
    return Uint8Array.from([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, text.length, 0, ...new TextEncoder().encode(text), ...data]);
  };
  const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
  const first = async (archive: Record<string, Uint8Array>) => {
    const file = await openCheckpointBytes(zipSync(archive), 'x.npz');
    return file.read(file.tensors[0].name);
  };

  it('turns Fortran order into rows, deflated or not', async () => {
    const array = npy('<f4', '(2, 3)', floats(1, 4, 2, 5, 3, 6), 'True');
    const rows = { shape: [2, 3], dtype: 'float32', data: Float32Array.of(1, 2, 3, 4, 5, 6) };
    expect(await first({ 'w.npy': array })).toEqual(rows);
    expect(await (await openCheckpointBytes(array, 'w.npy')).read('array')).toEqual(rows);
  });

  it.each([
    ['of Python objects', '|O', /Python objects/],
    ['of text', '<U2', /"<U2"/],
  ])('with an array %s is refused', async (_what, descr, why) => {
    await expect(first({ 'w.npy': npy(descr, '(1,)', new Uint8Array(4)) })).rejects.toThrow(why);
  });

  it('turns big-endian values round', async () => {
    const big = Uint8Array.of(0x3f, 0xc0, 0, 0, 0xc0, 0, 0, 0);
    expect(await first({ 'w.npy': npy('>f4', '(2,)', big) })).toEqual({ shape: [2], dtype: 'float32', data: Float32Array.of(1.5, -2) });
    const halves = npy('>f2', '(2,)', Uint8Array.of(0x3c, 0, 0x80, 0));
    expect((await first({ 'h.npy': halves })).data).toEqual(Uint16Array.of(0x3c00, 0x8000));
  });

  it('with texts, objects, records and single unsigned numbers beside the weights sets them aside', async () => {
    const file = await openCheckpointBytes(
      zipSync({
        'w.npy': npy('<f4', '(1,)', floats(2)),
        'classes.npy': npy('<U2', '(3,)', new Uint8Array(24)),
        'step.npy': npy('<u8', '()', new Uint8Array(8)),
        'net.config.npy': npy('|O', '(1,)', new Uint8Array(5)),
        'readme.txt': floats(1),
      }),
      'x.npz',
    );
    expect(file.tensors.map(({ name }) => name)).toEqual(['w']);
    expect(file.setAside).toEqual(['classes (<U2 3)', 'step (<u8 scalar)', 'net.config (|O 1)', 'readme.txt (no array)']);
  });

  it('with a weight of a type this program lacks is refused by its name', async () => {
    const lacking = (name: string, descr: string, shape: string, bytes: number) =>
      first({ 'a.npy': npy('<f4', '(1,)', floats(2)), [`${name}.npy`]: npy(descr, shape, new Uint8Array(bytes)) });
    await expect(lacking('fc3.weight', '<u4', '(2,)', 8)).rejects.toThrow('holds "fc3.weight" as an array of type "<u4"');
    await expect(lacking('net.mask', '<u8', '(2,)', 16)).rejects.toThrow('"net.mask"');
    await expect(lacking('net.bias', '|O', '(1,)', 4)).rejects.toThrow('"net.bias" as an array of Python objects');
  });

  it('with other members, wrong lengths or no arrays is refused', async () => {
    await expect(first({ 'readme.txt': floats(1) })).rejects.toThrow(/readme.txt/);
    await expect(first({ 'w.npy': npy('<f4', '(2,)', floats(1)) })).rejects.toThrow(/should take/);
    await expect(first({})).rejects.toThrow(/empty archive/);
  });

  it('says that NumPy has no bfloat16 before anything is written', async () => {
    const sink = new MemorySink();
    await expect(checkpointBytes('npz', named(everything()))).rejects.toThrow(/no bfloat16/);
    expect(sink.bytes().length).toBe(0);
  });
});

describe('safetensors and zip archives with more in them than weights', () => {
  it('passes over what was appended to a zip, as PyTorch does, and nothing else', async () => {
    const weights = new Map<string, Tensor>([['w', { shape: [2], dtype: 'float32', data: Float32Array.of(1, 2) }]]);
    const bytes = await checkpointBytes('pth', named(weights));
    for (const appended of [new Uint8Array(14), new Uint8Array(4000), new TextEncoder().encode('PK\x05 and more text')])
      expect(await (await openCheckpointBytes(Uint8Array.from([...bytes, ...appended]), 'x')).readAll()).toEqual(weights);
    await expect(openCheckpointBytes(Uint8Array.from([...bytes, ...new Uint8Array(80_000)]), 'x')).rejects.toThrow('is cut off');
  });
});

describe('zip archives', () => {
  async function pthWithZip64(): Promise<Uint8Array<ArrayBuffer>> {
    const plain = await openCheckpointBytes(await checkpointBytes('npz', named(withoutBfloat16(everything()))), 'x');
    const sink = new MemorySink();
    // Every size and offset above 100 bytes gets a zip64 field.
    const zip = new ZipWriter(sink, 100);
    for (const { name } of plain.tensors) {
      const { data, shape } = await plain.read(name);
      if (data instanceof Float32Array && shape.length === 1) {
        const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape[0]},), }\n`;
        const header = Uint8Array.from([
          0x93,
          ...new TextEncoder().encode('NUMPY'),
          1,
          0,
          text.length,
          0,
          ...new TextEncoder().encode(text),
        ]);
        await zip.add(`${name}.npy`, header, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      }
    }
    await zip.finish();
    return sink.bytes();
  }

  it('beyond 32 bits are written and read with zip64 fields', async () => {
    const file = await openCheckpointBytes(await pthWithZip64(), 'x');
    expect(await file.read('größe "x"')).toEqual(everything().get('größe "x"'));
    expect(await file.read('10')).toEqual(everything().get('10'));
  });

  it('whose bytes do not match their checksum are refused', async () => {
    const bytes = await checkpointBytes(
      'pth',
      named(new Map([['w', { shape: [40_000], dtype: 'float32', data: new Float32Array(40_000) }]])),
    );
    bytes[bytes.length >> 1] ^= 4;
    const file = await openCheckpointBytes(bytes, 'x');
    await expect(file.read('w')).rejects.toThrow(/x: is damaged: the bytes of its member "archive\/data\/0"/);
  });
});

describe('files that are no checkpoints', () => {
  it.each([
    ['<!DOCTYPE html><html>', /web page/],
    ['\n  <html lang="en">', /web page/],
    ['version https://git-lfs.github.com/spec/v1\noid sha256:0', /Git LFS/],
    ['\x1f\x8b\x08\0\0', /gzip/],
    ['\x89HDF\r\n\x1a\n', /HDF5/],
    ['{"weights": [1, 2]}', /text file/],
    ['\x00\x01\x02\x03', /not a checkpoint this program knows/],
    ['\x80\x02}.', /bare pickle/],
  ])('%j is called by its name', async (content, why) => {
    const bytes = Uint8Array.from(content, (character) => character.charCodeAt(0));
    await expect(openCheckpointBytes(bytes, 'weights.pth')).rejects.toThrow(why);
  });
});
