// The real files that fuzzing damages: PyTorch's own of tests/reference/pth, and the same weights in
// the other formats.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { entriesOfFile } from '@shared/checkpoint/entries';
import type { FuzzFile } from './campaign';
import { checkpointBytes, openCheckpointBytes } from '@shared/checkpoint/in-memory';

/** Reads the reference files of `folder` (that of the repository by default), and converts one. */
export async function fuzzFiles(folder = 'tests/reference/pth'): Promise<FuzzFile[]> {
  const names = (await readdir(folder)).filter((name) => /^(net_tiny|v1_block|strided).*\.pth$/.test(name));
  const files = await Promise.all(names.map(async (name) => fileOf(name, await readFile(join(folder, name)))));
  const block = await readFile(join(folder, 'v1_block_parameters.pth'));
  for (const format of ['safetensors', 'npz'] as const) files.push(await fileOf(`block.${format}`, await converted(block, format)));
  return files;
}

async function fileOf(name: string, content: Uint8Array): Promise<FuzzFile> {
  const bytes = Uint8Array.from(content);
  const isZip = bytes[0] === 0x50;
  return { name, bytes, original: isZip ? await (await openCheckpointBytes(bytes, name)).readAll() : undefined };
}

async function converted(content: Uint8Array, format: 'safetensors' | 'npz'): Promise<Uint8Array> {
  return checkpointBytes(format, entriesOfFile(await openCheckpointBytes(content, 'block')));
}
