// The real PyTorch files of tests/reference/pth: each loads or is refused as its index says.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bytesOfTensor } from '@shared/checkpoint/tensor-bytes';
import { isFloating, toFloat32 } from '@shared/tensor/convert';
import type { Tensor } from '@shared/tensor/tensor';
import { UserError } from '@shared/base/user-error';
import { describe, expect, it } from 'vitest';
import { openCheckpointFile } from './checkpoint-files';

interface IndexTensor {
  name: string;
  dtype: string;
  shape: number[];
  sha256_of_little_endian_values: string;
}

interface IndexFile {
  file: string;
  what: string;
  expect: string;
  state_dict_at?: string;
  key_prefix_to_strip?: string;
  tensors?: IndexTensor[];
}

const folder = fileURLToPath(new URL('../../tests/reference/pth/', import.meta.url));
const index = JSON.parse(readFileSync(`${folder}index.json`, 'utf8')) as { files: IndexFile[] };
const readable = index.files.filter(({ tensors }) => tensors);
const refused = index.files.filter(({ tensors }) => !tensors);

/** What each refusal must say about its file. */
const REASONS: Record<string, string> = {
  'evil_os_system.pth': 'posix.system',
  'evil_os_system_legacy.pth': 'posix.system',
  'evil_builtins_eval.pth': 'builtins.eval',
  'evil_subprocess_popen.pth': 'subprocess.Popen',
  'evil_plain_pickle.pth': 'posix.system',
  'evil_stack_global.pth': 'posix.system',
  'bad_short_storage.pth': 'stages.0.0.repmlp_block.fc3.weight reaches past',
  'bad_missing_storage.pth': 'stages.0.0.repmlp_block.fc3.weight is missing',
  'bad_big_endian.pth': 'byte order is "big"',
  'bad_truncated_zip.pth': 'is cut off',
  'bad_truncated_legacy.pth': 'is cut off',
  'bad_html_download_page.pth': 'is a web page',
  'bad_empty.pth': 'is empty',
};

function hashOf(tensor: Tensor): string {
  return createHash('sha256')
    .update(bytesOfTensor(isFloating(tensor.dtype) ? toFloat32(tensor) : tensor))
    .digest('hex');
}

describe('PyTorch files load with the values PyTorch wrote', () => {
  it.each(readable)('$file: $what', async ({ file, tensors = [], state_dict_at: at = '', key_prefix_to_strip: prefix = '' }) => {
    const checkpoint = await openCheckpointFile(folder + file);
    const listed = tensors.map(({ name, dtype, shape }) => ({
      name: name.slice(name.startsWith(prefix) ? prefix.length : 0),
      dtype,
      shape,
    }));
    expect(checkpoint.tensors).toEqual(listed);
    expect([checkpoint.stateDictAt, checkpoint.strippedPrefix]).toEqual([at, prefix]);
    const values = [...(await checkpoint.readAll()).values()];
    expect(values.map(hashOf)).toEqual(tensors.map((tensor) => tensor.sha256_of_little_endian_values));
    await checkpoint.close();
  });
});

describe('hostile and damaged files are refused', () => {
  it.each(refused)('$file: $what', async ({ file }) => {
    const reading = openCheckpointFile(folder + file).then((checkpoint) => checkpoint.readAll());
    await expect(reading).rejects.toThrow(UserError);
    await expect(reading).rejects.toThrow(file);
    await expect(reading).rejects.toThrow(REASONS[file]);
  });
});
