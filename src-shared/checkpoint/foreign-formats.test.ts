// Files people open by mistake are called what they are, and what to do is said.
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { entriesOfTensors } from './entries';
import { checkpointBytes, openCheckpointBytes } from './in-memory';

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const field = (number: number, content: string): string => `${String.fromCharCode(number * 8 + 2, content.length)}${content}`;
const opening = (bytes: Uint8Array) => openCheckpointBytes(bytes, 'weights.pth');

describe('protobuf', () => {
  it.each([1, 3, 9, 10, 13, 100])('ONNX of IR version %i is told by its structure', async (version) => {
    const head = `\x08${String.fromCharCode(version)}${field(2, 'pytorch')}${field(3, '2.9.0')}`;
    const graph = `\x3a\xff\x7f${field(1, 'a node of a graph that goes on beyond what is looked at')}`;
    for (const body of [head + graph, `\x08${String.fromCharCode(version)}${graph}`, `${head}${field(8, '\x10\x15')}${graph}`])
      await expect(opening(latin1(body))).rejects.toThrow('is an ONNX model');
  });

  it('of other kinds is not called ONNX', async () => {
    const savedModel = `\x08\x01\x12\x80\x08${field(1, 'meta')}${field(2, '\x0a\x03abc')}`;
    const graphDef = `${field(1, `${field(1, 'x')}${field(2, 'Placeholder')}`)}${field(1, field(1, 'y'))}`;
    for (const body of [savedModel, graphDef]) await expect(opening(latin1(body))).rejects.toThrow('is a protobuf model (TensorFlow');
  });
});

describe('JSON beside weights', () => {
  it.each([
    [
      { metadata: {}, weight_map: { a: 'model-00001-of-00002.safetensors', b: 'model-00002-of-00002.safetensors' } },
      'index of a checkpoint in 2 parts',
    ],
    [
      { weight_map: Object.fromEntries(Array.from({ length: 900 }, (_, i) => [`layers.${i}.weight`, `part-${i % 9}.bin`])) },
      'in 9 parts (part-0.bin, part-1.bin ... part-8.bin), which hold its 900 tensors',
    ],
    [{ weightsManifest: [], modelTopology: {} }, 'TensorFlow.js model'],
    [{ architectures: ['RepMLPNet'], model_type: 'repmlp' }, 'configuration of a model'],
    [{ cells: [], nbformat: 4 }, 'Jupyter notebook'],
    [{ weights: [1, 2] }, 'is a text file'],
  ])('%j is called what it is', async (json, sentence) => {
    await expect(opening(new TextEncoder().encode(JSON.stringify(json, null, 2)))).rejects.toThrow(sentence);
  });
});

describe('zip archives', () => {
  it.each([
    [['model.pth'], 'a zip archive around "model.pth"; unpack it'],
    [['folder/', 'folder/readme.txt', 'folder/best.ckpt'], 'around "folder/best.ckpt"'],
    [['config.json', 'metadata.json', 'model.weights.h5'], 'is a Keras model'],
    [['MAR-INF/MANIFEST.json', 'model.pth'], 'TorchServe'],
    [['p/.data/extern_modules', 'p/model.pkl'], 'torch.package'],
    [['m/archive_format', 'm/models/model.json', 'm/data/weights/weight_0'], 'torch.export'],
    [['archive/data/0', 'archive/version'], 'saving it did not finish'],
    [['code/train.py', 'code/data.csv'], 'no array'],
  ])('with %j are called what they are', async (members, sentence) => {
    const archive = zipSync(Object.fromEntries(members.map((name) => [name, latin1('x')])));
    await expect(opening(archive)).rejects.toThrow(sentence);
  });

  it('of NumPy and PyTorch are not among them', async () => {
    const entries = entriesOfTensors(new Map([['model.pth', { shape: [1], dtype: 'float32', data: Float32Array.of(1) }]]));
    for (const format of ['pth', 'npz'] as const) expect((await opening(await checkpointBytes(format, entries))).format).toBe(format);
  });
});

describe('other files', () => {
  it.each([
    ['<?xml version="1.0"?>\n<net name="m" version="11">', 'OpenVINO'],
    ['\x20\0\0\0TFL3\0\0', 'TensorFlow Lite'],
    ['\x89PNG\r\n\x1a\n', 'is a picture'],
    ['%PDF-1.7', 'PDF'],
    ['GGUF\x03\0\0\0', 'GGUF'],
    ['\0'.repeat(600), 'nothing but zeros'],
  ])('%j are called what they are', async (content, sentence) => {
    await expect(opening(latin1(content))).rejects.toThrow(sentence);
  });
});
