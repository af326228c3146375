// The verb `export`, and what an ONNX file answers to the other verbs.
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { referencePath } from '../reference';
import { repmlp } from './repmlp';

/** The verb's exit code and JSON. */
async function asked(args: readonly string[]): Promise<{ code: number | null; json: unknown }> {
  const { code, stdout } = await repmlp([...args, '--json']);
  return { code, json: JSON.parse(stdout) };
}

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'repmlp-export-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);
const BUNDLED = 'assets/pure-mlp-small.safetensors';

describe('a network exported as ONNX', () => {
  test('is merged, agrees layer by layer, carries verdict and the hash of its source, and verifies against its train form', async () => {
    const { code, json } = await asked(['export', BUNDLED, at('merged.onnx')]);
    expect(code).toBe(0);
    expect(json).toMatchObject({ model: 'pure-mlp-small', form: 'merged', equivalent: true, merge: { equivalent: true } });
    const { json: seen } = await asked(['inspect', at('merged.onnx')]);
    expect(seen).toMatchObject({ format: 'onnx', model: 'pure-mlp-small', form: 'merged' });
    expect(seen).toMatchObject({ onnx: { merged: true, opset: 17, verdict: { equivalent: true, form: 'merged' } } });
    const { metadata } = seen as { metadata: Record<string, string> };
    expect(JSON.parse(metadata['repmlp.source'])).toEqual({
      fileName: 'pure-mlp-small.safetensors',
      sha256: createHash('sha256')
        .update(await readFile(BUNDLED))
        .digest('hex'),
    });
    const verified = await asked(['verify', BUNDLED, at('merged.onnx')]);
    expect(verified.code).toBe(0);
  });

  test('in train form says which branches it has, and is not made again without being told', async () => {
    expect((await repmlp(['export', BUNDLED, at('train.onnx'), '--form', 'train'])).code).toBe(0);
    const { stdout } = await repmlp(['inspect', at('train.onnx')]);
    expect(stdout).toMatch(/merged: no, 3 sums of branches/);
    const again = await repmlp(['export', BUNDLED, at('train.onnx'), '--form', 'train']);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('exists already');
  });

  test('of weights that are merged already has no train form to export', async () => {
    const { code, stderr } = await repmlp(['export', at('merged.onnx'), at('again.onnx'), '--form', 'train']);
    expect(code).toBe(2);
    expect(stderr).toContain('merged already');
  });

  test('under another ending is refused before anything is computed', async () => {
    const { code, stderr } = await repmlp(['export', BUNDLED, at('network.pth')]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('exported as .onnx')]);
  });
});

test("a file of PyTorch's exporter whose branches were left says where", async () => {
  const { code, stdout } = await repmlp(['inspect', referencePath('onnx/repvgg.onnx')]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/merged: no, 2 sums of branches/);
  expect(stdout).toContain('blocks.0.0.0/Conv + /blocks.0.1/blocks.0.1.0/Conv + identity');
});

test('a damaged model is refused by its name', async () => {
  const bytes = await readFile(referencePath('onnx/repvgg.onnx'));
  await writeFile(at('cut.onnx'), bytes.subarray(0, bytes.length - 900));
  const { code, stderr } = await repmlp(['inspect', at('cut.onnx')]);
  expect([code, stderr]).toEqual([2, expect.stringMatching(/cut\.onnx: is an ONNX model that cannot be read/)]);
});
