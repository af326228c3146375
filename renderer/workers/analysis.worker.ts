// The analysis worker: merge steps and positional patterns, computed beside the window.
import { assertNever } from '@shared/assert-never';
import { tensorOfBytes } from '@shared/checkpoint/tensor-bytes';
import { mergeSteps } from '@shared/merge/steps';
import type { MergeStepArray } from '@shared/merge/report';
import { fcShapeOf } from '@shared/merge/merge-layer';
import { analyseBlock } from '@shared/pattern/analyse';
import { detailOf } from '@shared/pattern/detail';
import { seed } from '@shared/tensor/random';
import type { Tensor } from '@shared/tensor/tensor';
import { asMatrix, reduceMatrix } from '../state/reduce';
import { shownImage } from './image';
import type {
  AnswerOf,
  BlockDetail,
  DetailRequest,
  FetchedTensor,
  PatternRequest,
  ShownArray,
  ShownStep,
  StepsRequest,
  WorkerReply,
  WorkerRequest,
} from './protocol';

self.onmessage = ({ data: { id, request } }: MessageEvent<{ id: number; request: WorkerRequest }>) => {
  void answer(id, request).then((reply) => postMessage(reply));
};

async function answer(id: number, request: WorkerRequest): Promise<WorkerReply> {
  try {
    return { id, result: await resultOf(request) };
  } catch (error) {
    return { id, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** The matrices analysed last. */
let held: PatternRequest | null = null;

function resultOf(request: WorkerRequest): AnswerOf[keyof AnswerOf] | Promise<AnswerOf[keyof AnswerOf]> {
  switch (request.kind) {
    case 'steps':
      return shownSteps(request);
    case 'pattern':
      held = request;
      return analyseBlock(request.matrices, request.layer);
    case 'detail':
      return held?.key === request.key ? detail(held, request) : null;
    case 'image':
      return shownImage(request);
    default:
      return assertNever(request);
  }
}

/** Kinds of rows and singular vectors shown. */
const [KINDS, VECTORS] = [5, 4];

function detail({ matrices, layer }: PatternRequest, { group }: DetailRequest): BlockDetail {
  const groups = layer.kind === 'repmlp' ? layer.groups : layer.shareSets;
  const largestKernel = Math.max(0, ...layer.kernels);
  const options = { group, groups, largestKernel, kinds: KINDS, vectors: VECTORS, seed: seed(1) };
  const shape = fcShapeOf(layer);
  return { before: detailOf(matrices.before, shape, options), after: detailOf(matrices.after, shape, options) };
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

function tensorOf({ shape, dtype, bytes }: FetchedTensor): Tensor {
  return tensorOfBytes(dtype, shape, new Uint8Array(bytes));
}
