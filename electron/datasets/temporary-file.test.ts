import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { unzipped } from './temporary-file';

it('a gzipped file that unfolds a thousandfold is refused before it fills the disk, and leaves nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'unzipped-'));
  const archive = join(folder, 'train-images-idx3-ubyte.gz');
  // 384 MiB of zeros in parts, each a gzip member of its own.
  await writeFile(archive, Buffer.concat(new Array<Buffer>(12).fill(gzipSync(Buffer.alloc(2 ** 25)))));
  const own = async (): Promise<string[]> => (await readdir(tmpdir())).filter((name) => name.startsWith(`repmlp-data-p${process.pid}-`));
  await expect(unzipped(archive)).rejects.toThrow(/train-images-idx3-ubyte\.gz: unfolds to more than 268435456 bytes/);
  expect(await own()).toEqual([]);
  await rm(folder, { recursive: true });
});
