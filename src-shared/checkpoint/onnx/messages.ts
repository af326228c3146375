// The messages of an ONNX file (onnx.proto3 of the ONNX project, IR version 8), as far as networks need them. Field numbers
// are the format; fields that are not listed here are skipped when read and not kept when written. Bulk data stays what it
// is: views of the file when read, no copy before the one that is written.
import protobuf from 'protobufjs/light.js';
import { z } from 'zod';
import type { Stored } from '../../base/sent';
import { refuse } from '../refuse';

const field = (type: string, id: number): protobuf.IField => ({ type, id });
const repeated = (type: string, id: number): protobuf.IField => ({ rule: 'repeated', type, id });

const MESSAGES = protobuf.Root.fromJSON({
  nested: {
    Model: {
      fields: {
        irVersion: field('int64', 1),
        producerName: field('string', 2),
        producerVersion: field('string', 3),
        graph: field('Graph', 7),
        opsetImport: repeated('OperatorSet', 8),
        metadataProps: repeated('Property', 14),
      },
    },
    OperatorSet: { fields: { domain: field('string', 1), version: field('int64', 2) } },
    Property: { fields: { key: field('string', 1), value: field('string', 2) } },
    Graph: {
      fields: {
        node: repeated('Node', 1),
        name: field('string', 2),
        initializer: repeated('Tensor', 5),
        input: repeated('Value', 11),
        output: repeated('Value', 12),
        sparseInitializer: repeated('SparseTensor', 15),
      },
    },
    Node: {
      fields: {
        input: repeated('string', 1),
        output: repeated('string', 2),
        name: field('string', 3),
        opType: field('string', 4),
        attribute: repeated('Attribute', 5),
        domain: field('string', 7),
      },
    },
    Attribute: {
      fields: {
        name: field('string', 1),
        f: field('float', 2),
        i: field('int64', 3),
        s: field('bytes', 4),
        t: field('Tensor', 5),
        floats: repeated('float', 7),
        ints: repeated('int64', 8),
        type: field('int32', 20),
      },
    },
    Tensor: {
      fields: {
        dims: repeated('int64', 1),
        dataType: field('int32', 2),
        floatData: repeated('float', 4),
        int32Data: repeated('int32', 5),
        int64Data: repeated('int64', 7),
        name: field('string', 8),
        rawData: field('bytes', 9),
        doubleData: repeated('double', 10),
        dataLocation: field('int32', 14),
      },
    },
    SparseTensor: { fields: { values: field('Tensor', 1), dims: repeated('int64', 3) } },
    Value: { fields: { name: field('string', 1), type: field('Type', 2) } },
    Type: { fields: { tensorType: field('TensorType', 1) } },
    TensorType: { fields: { elemType: field('int32', 1), shape: field('Shape', 2) } },
    Shape: { fields: { dim: repeated('Dimension', 1) } },
    Dimension: { fields: { dimValue: field('int64', 1), dimParam: field('string', 2) } },
  },
});

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const numbers = z.array(z.number()).default([]);
const texts = z.array(z.string()).default([]);

const tensor = z.object({
  dims: numbers,
  dataType: z.number().default(0),
  floatData: numbers,
  int32Data: numbers,
  int64Data: numbers,
  doubleData: numbers,
  name: z.string().default(''),
  rawData: bytes.optional(),
  /** 1: the values lie in a file of their own. */
  dataLocation: z.number().default(0),
});
export type OnnxTensor = Stored<z.infer<typeof tensor>>;

const sparseTensor = z.object({ values: tensor.optional(), dims: numbers });

const attribute = z.object({
  name: z.string().default(''),
  f: z.number().optional(),
  i: z.number().optional(),
  s: bytes.optional(),
  t: tensor.optional(),
  floats: numbers,
  ints: numbers,
  type: z.number().default(0),
});
export type OnnxAttribute = Stored<z.infer<typeof attribute>>;

const node = z.object({
  input: texts,
  output: texts,
  name: z.string().default(''),
  opType: z.string().default(''),
  attribute: z.array(attribute).default([]),
  domain: z.string().default(''),
});
export type OnnxNode = Stored<z.infer<typeof node>>;

const dimension = z.object({ dimValue: z.number().optional(), dimParam: z.string().optional() });
const shape = z.object({ dim: z.array(dimension).default([]) });
const value = z.object({
  name: z.string().default(''),
  type: z.object({ tensorType: z.object({ elemType: z.number().default(0), shape: shape.optional() }).optional() }).optional(),
});
export type OnnxValue = Stored<z.infer<typeof value>>;

const model = z.object({
  irVersion: z.number().default(0),
  producerName: z.string().default(''),
  producerVersion: z.string().default(''),
  graph: z.object({
    node: z.array(node).default([]),
    name: z.string().default(''),
    initializer: z.array(tensor).default([]),
    input: z.array(value).default([]),
    output: z.array(value).default([]),
    sparseInitializer: z.array(sparseTensor).optional(),
  }),
  opsetImport: z.array(z.object({ domain: z.string().default(''), version: z.number().default(0) })).default([]),
  metadataProps: z.array(z.object({ key: z.string().default(''), value: z.string().default('') })).default([]),
});
/** A network as a graph of operations, in the order they run. */
export type OnnxModel = Stored<z.infer<typeof model>>;

/** The network in a file's bytes, of which its bulk data are views. Throws UserError where it is none. */
export function decodeModel(bytes: Uint8Array): OnnxModel {
  const Model = MESSAGES.lookupType('Model');
  const read = parsed(() => model.parse(Model.toObject(Model.decode(bytes), { longs: Number })));
  return read ?? refuse('is an ONNX model that cannot be read: it is damaged or cut off; download or copy it again');
}

/** What a library makes of bytes from anywhere; null where it throws. */
function parsed<T>(parse: () => T): T | null {
  try {
    return parse();
  } catch {
    return null;
  }
}

/** The bytes of a network's file. Two such messages one after the other are one: `encodeMetadata` may follow. */
export function encodeModel(network: OnnxModel): Uint8Array {
  return encoded(network);
}

/** Facts about a network as bytes that are written behind those of its file. */
export function encodeMetadata(facts: Readonly<Record<string, string>>): Uint8Array {
  return encoded({ metadataProps: Object.entries(facts).map(([key, value]) => ({ key, value })) });
}

function encoded(message: object): Uint8Array {
  const Model = MESSAGES.lookupType('Model');
  return Model.encode(Model.fromObject(message)).finish();
}
