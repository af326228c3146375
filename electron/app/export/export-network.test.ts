import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeModel } from '@shared/checkpoint/onnx/messages';
import type { Engine } from '@shared/compute/engine';
import { initialWeights } from '@shared/model/initialise';
import type { Form } from '@shared/model/spec';
import { buildModel, zoo } from '@shared/model/zoo';
import { randomizeBatchNorm } from '@shared/proof/seeded-inputs';
import { seed } from '@shared/tensor/random';
import { createEngine } from '@shared/compute/create-engine';
import { installedWasmFiles } from '../../../tests/engine';
import { SPEC_METADATA } from '../../files/checkpoint-network';
import { exportNetwork } from './export-network';

let engine: Engine;
beforeAll(
  () => void (engine = createEngine({ openDataset: () => Promise.reject(new Error('no data here')), wasmFiles: installedWasmFiles() })),
);
afterAll(() => engine.dispose());

const ALL = zoo.map(({ name }) => name);
/** ZOO=all, or names with commas between them; large networks take minutes and gigabytes each. */
const { ZOO } = process.env;
const CHOSEN = ZOO === 'all' ? ALL : (ZOO?.split(',') ?? ALL.filter((name) => /small|unit/.test(name)));

describe.each(CHOSEN)('%s', (name) => {
  test.each(['train', 'merged'] satisfies Form[])('in %s form is the same function in ONNX Runtime, layer by layer', async (form) => {
    const spec = buildModel(name);
    const weights = randomizeBatchNorm(spec, initialWeights(spec, seed(1)), seed(2));
    const { verdict, parts } = await exportNetwork({ spec, weights }, engine, { form, source: { fileName: 'w.pth', sha256: null } });

    expect(verdict.onnx.layers.filter(({ equivalent }) => !equivalent)).toEqual([]);
    expect(verdict.equivalent).toBe(true);
    const { metadataProps, opsetImport } = decodeModel(Buffer.concat(parts));
    expect(opsetImport).toEqual([{ domain: '', version: 17 }]);
    expect(metadataProps.map(({ key }) => key)).toEqual([SPEC_METADATA, 'repmlp.source', 'repmlp.studio', 'repmlp.verdict']);
  });
});
