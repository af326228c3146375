import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { mergedSpec } from '@shared/model/merged-spec';
import { initialWeights } from '@shared/model/initialise';
import { parseNetworkSpec } from '@shared/model/schema';
import { buildModel } from '@shared/model/zoo';
import { seed } from '@shared/tensor/random';
import { SPEC_METADATA } from '../../files/checkpoint-network';
import { writeCheckpointFile } from '../../files';
import { RunFolders } from '../../runs/run-folders';
import { WeightsLibrary } from './weights';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repmlp-weights-'));
});

async function opened(model: string) {
  const path = join(folder, `${model}.pth`);
  await writeCheckpointFile(path, initialWeights(buildModel(model), seed(1)), { force: true });
  const library = new WeightsLibrary(new RunFolders(folder));
  return { library, file: await library.open(path) };
}

test('a file of a network whose input size is open is read, written and shown for the size chosen, until it is taken back', async () => {
  const { library, file } = await opened('repmlpnet-small');
  const reference = { kind: 'file', id: file.id } as const;
  expect(file.recognised).toMatchObject({ inputSize: 'assumed', spec: { input: { height: 32, width: 32 } } });
  await library.load(reference);
  const resized = library.resize(file.id, { height: 64, width: 96 });
  expect(resized.recognised).toMatchObject({ inputSize: 'chosen', spec: { input: { height: 64, width: 96 } } });
  expect((await library.load(reference)).spec.input).toMatchObject({ height: 64, width: 96 });
  const written = await library.writing(reference, ({ metadata }) => Promise.resolve(metadata[SPEC_METADATA]));
  expect(parseNetworkSpec(JSON.parse(written)).input).toMatchObject({ height: 64, width: 96 });
  expect(library.resize(file.id, null)).toEqual(file);
  expect((await library.load(reference)).spec.input).toMatchObject({ height: 32, width: 32 });
  await library.closeAll();
});

test('a size that the network cannot take is refused and changes nothing', async () => {
  const { library, file } = await opened('pure-mlp-small');
  expect(file.recognised?.inputSize).toBe('fixed');
  expect(() => library.resize(file.id, { height: 64, width: 64 })).toThrow('cannot take 64x64: layer ');
  expect((await library.load({ kind: 'file', id: file.id })).spec.input).toEqual(file.recognised?.spec.input);
  await library.closeAll();
});

test('a file that describes its network states the size itself', async () => {
  const spec = mergedSpec(buildModel('repmlpnet-small'));
  const path = join(folder, 'described.safetensors');
  await writeCheckpointFile(path, initialWeights(spec, seed(1)), { force: true, metadata: { [SPEC_METADATA]: JSON.stringify(spec) } });
  const library = new WeightsLibrary(new RunFolders(folder));
  expect((await library.open(path)).recognised).toMatchObject({ form: 'merged', inputSize: 'stated' });
  await library.closeAll();
});
