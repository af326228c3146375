// The analysis worker: merge steps and positional patterns, computed beside the window.
import { largestOf } from '@shared/base/extremes';
import { implement } from '@orpc/server';
import { eventedPort, servePort } from '@shared/link/port';
import type { BlockTensors } from '@shared/link/studio';
import { tensorOfBytes } from '@shared/checkpoint/tensor-bytes';
import { bindGroup } from '@shared/merge/recipes/bind-group';
import { picturedStep, type PicturedStep } from '@shared/merge/recipes/walk/step-pictures';
import { walkSteps } from '@shared/merge/recipes/walk/walk-steps';
import { shownStep, type ShownStep } from '@shared/merge/equation';
import { mergeSteps } from '@shared/merge/mathematics/steps';
import { matricesOf } from '@shared/merge/mathematics/matrices';
import type { BlockMatrices } from '@shared/merge/report';
import { fcShapeOf } from '@shared/matrix/geometry';
import { analyseBlock, type BlockPattern } from '@shared/pattern/analyse';
import { CLOSER, detailOf, groupsOf } from '@shared/pattern/detail';
import { kernelPattern, type KernelPattern } from '@shared/pattern/kernel-pattern';
import { pairKernel } from '@shared/pattern/pair-kernel';
import type { NamedTensors } from '@shared/tensor/tensor';
import { fetchBytes } from '../fetch-bytes';
import {
  analysisContract,
  type BlockDetail,
  type DetailRequest,
  type FamilyStepsRequest,
  type KernelPatternRequest,
  type KernelRequest,
  type PairKernels,
  type PatternRequest,
  type StepsRequest,
  type ImageRequest,
} from './protocol';
import { openEmbedded } from '@shared/dataset/embedded/embedded';
import { pictureOf, type ShownPicture } from '@shared/dataset/shown-picture';
import { fetchDigits } from '../engine/digits';

/** The matrices asked about last. */
let held: { readonly key: string; readonly matrices: BlockMatrices } | null = null;

async function pattern(request: PatternRequest): Promise<BlockPattern> {
  return analyseBlock(await matricesFor(request), request.block.layer);
}

/** The matrices of the block, made of its tensors unless they are still there. */
async function matricesFor({ key, block }: PatternRequest): Promise<BlockMatrices> {
  if (held?.key === key) return held.matrices;
  held = null;
  const matrices = matricesOf(block.layer, await fetchedWeights(block), block.path);
  held = { key, matrices };
  return matrices;
}

async function detail({ group, ...request }: DetailRequest): Promise<BlockDetail> {
  const matrices = await matricesFor(request);
  const { layer } = request.block;
  const options = { ...CLOSER, group, groups: groupsOf(layer), largestKernel: largestOf(layer.kernels, 0) };
  const shape = fcShapeOf(layer);
  return { before: detailOf(matrices.before, shape, options), after: detailOf(matrices.after, shape, options) };
}

async function kernels({ outputChannel, inputChannel, ...request }: KernelRequest): Promise<PairKernels> {
  const matrices = await matricesFor(request);
  const shape = fcShapeOf(request.block.layer);
  const of = (stage: keyof PairKernels): Float32Array => pairKernel(matrices[stage], shape, outputChannel, inputChannel);
  return { before: of('before'), added: of('added'), after: of('after') };
}

async function shownSteps({ block, limit }: StepsRequest): Promise<ShownStep[]> {
  return mergeSteps(block.layer, await fetchedWeights(block), block.path).map((step) => shownStep(step, limit));
}

/** Rejects with UserError, giving the reason, where the group has no exact merge. */
async function familySteps({ group: asked, limit }: FamilyStepsRequest): Promise<PicturedStep[]> {
  const { at, recipe, settings, tensors } = asked;
  const group = bindGroup(recipe, at, new Map(tensors.map((tensor) => [tensor.name, tensor])));
  if (group === null) throw new RangeError(`the tensors at '${at}' are no ${recipe.name}`);
  return walkSteps(group, await fetchedWeights(asked), settings).map((step) => picturedStep(step, limit));
}

async function patternOfKernel({ path, recipe, shape, url, map }: KernelPatternRequest): Promise<KernelPattern> {
  const weight = tensorOfBytes('float32', shape, new Uint8Array(await fetchBytes(url)));
  return kernelPattern({ path, recipe, weight }, map);
}

async function fetchedWeights({ tensors }: Pick<BlockTensors, 'tensors'>): Promise<NamedTensors> {
  const fetched = await Promise.all(
    tensors.map(async ({ name, dtype, shape, url }) => [name, tensorOfBytes(dtype, shape, new Uint8Array(await fetchBytes(url)))] as const),
  );
  return new Map(fetched);
}

const calls = implement(analysisContract);
const router = calls.router({
  steps: calls.steps.handler(({ input }) => shownSteps(input)),
  familySteps: calls.familySteps.handler(({ input }) => familySteps(input)),
  pattern: calls.pattern.handler(({ input }) => pattern(input)),
  detail: calls.detail.handler(({ input }) => detail(input)),
  image: calls.image.handler(({ input }) => shownImage(input)),
  kernel: calls.kernel.handler(({ input }) => kernels(input)),
  kernelPattern: calls.kernelPattern.handler(({ input }) => patternOfKernel(input)),
});
// The matrices stay here for closer looks.
servePort(router, eventedPort(globalThis), 'copied');

/** The picture asked for. Rejects with UserError where there is none. */
function shownImage({ dataset, of }: ImageRequest): Promise<ShownPicture> {
  return pictureOf(openEmbedded(dataset, fetchDigits).train, of);
}
