import { zipSync } from 'fflate';
import { expect, it } from 'vitest';
import { openCheckpointBytes } from './in-memory';

function safetensors(header: string, data: number): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + data);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 8);
  return bytes;
}

it('safetensors with a tensor twice, or a field of one twice, are refused: other readers would take the other one', async () => {
  const entry = '{"dtype": "U8", "shape": [4], "data_offsets": [0, 4]}';
  await expect(openCheckpointBytes(safetensors(`{"w": ${entry}, "w": ${entry}}`, 4), 'w.safetensors')).rejects.toThrow(
    /header has "w" twice/,
  );
  const typed = '{"w": {"dtype": "I8", "dtype": "U8", "shape": [4], "data_offsets": [0, 4]}}';
  await expect(openCheckpointBytes(safetensors(typed, 4), 'w.safetensors')).rejects.toThrow(/header has "dtype" twice/);
  expect((await openCheckpointBytes(safetensors(`{"w": ${entry}}`, 4), 'w.safetensors')).tensors).toHaveLength(1);
});

/** An array of four bytes in npy format. */
function npy(): Uint8Array {
  const text = "{'descr': '|u1', 'fortran_order': False, 'shape': (4,), }".padEnd(117) + '\n';
  return new Uint8Array([
    0x93,
    ...[...'NUMPY'].map((c) => c.charCodeAt(0)),
    1,
    0,
    text.length,
    0,
    ...new TextEncoder().encode(text),
    1,
    2,
    3,
    4,
  ]);
}

it('an archive whose members share bytes, or one of whose names stands twice, is refused', async () => {
  const archive = zipSync({ 'a.npy': npy(), 'b.npy': npy() }, { level: 0 });
  expect((await openCheckpointBytes(archive, 'x.npz')).tensors).toHaveLength(2);
  const entries = [...archive.keys()].filter(
    (i) => archive[i] === 0x50 && archive[i + 1] === 0x4b && archive[i + 2] === 1 && archive[i + 3] === 2,
  );
  expect(entries).toHaveLength(2);
  const sharing = archive.slice();
  sharing.set([0, 0, 0, 0], entries[1] + 42);
  await expect(openCheckpointBytes(sharing, 'x.npz')).rejects.toThrow(/member "a\.npy" overlaps what lies behind it/);
  const twice = archive.slice();
  twice[entries[1] + 46] = 'a'.charCodeAt(0);
  await expect(openCheckpointBytes(twice, 'x.npz')).rejects.toThrow(/two members named "a\.npy"/);
});
