// The analysis worker: merge steps and positional patterns, computed beside the window.
import { assertNever } from '@shared/assert-never';
import { mergeSteps } from '@shared/merge/steps';
import type { MergeStepArray } from '@shared/merge/report';
import { analyseBlock } from '@shared/pattern/analyse';
import type { DType, Tensor, TensorData } from '@shared/tensor/tensor';
import { asMatrix, reduceMatrix } from '../state/reduce';
import type { AnswerOf, FetchedTensor, ShownArray, ShownStep, StepsRequest, WorkerReply, WorkerRequest } from './protocol';

self.onmessage = ({ data: { id, request } }: MessageEvent<{ id: number; request: WorkerRequest }>) => {
  postMessage(answer(id, request));
};

function answer(id: number, request: WorkerRequest): WorkerReply {
  try {
    return { id, result: resultOf(request) };
  } catch (error) {
    return { id, problem: error instanceof Error ? error.message : String(error) };
  }
}

function resultOf(request: WorkerRequest): AnswerOf[keyof AnswerOf] {
  switch (request.kind) {
    case 'steps':
      return shownSteps(request);
    case 'pattern':
      return analyseBlock(request.matrices, request.layer);
    default:
      return assertNever(request);
  }
}

function shownSteps({ layer, tensors, path, limit }: StepsRequest): ShownStep[] {
  const weights = new Map(tensors.map((tensor) => [tensor.name, tensorOf(tensor)]));
  return mergeSteps(layer, weights, path).map((step) => ({
    ...step,
    before: step.before.map((array) => shownArray(array, limit)),
    after: step.after.map((array) => shownArray(array, limit)),
  }));
}

function shownArray({ label, shape, data }: MergeStepArray, limit: number): ShownArray {
  const matrix = asMatrix(data, shape);
  return { label, shape, picture: reduceMatrix(matrix.data, matrix.rows, matrix.columns, limit) };
}

const ARRAYS: Readonly<Record<DType, new (buffer: ArrayBuffer) => TensorData>> = {
  float64: Float64Array,
  float32: Float32Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  int64: BigInt64Array,
  int32: Int32Array,
  int16: Int16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array,
};

function tensorOf({ shape, dtype, bytes }: FetchedTensor): Tensor {
  return { shape, dtype, data: new ARRAYS[dtype](bytes) };
}
