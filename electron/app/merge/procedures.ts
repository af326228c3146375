// Merge and proof: the merged network stays in memory under a reference, its matrices are computed when fetched.
import { implement } from '@orpc/server';
import { studioContract, type MatrixUrls, type VerifyStep, type WeightsReference } from '@shared/link/studio';
import { UserError } from '@shared/base/user-error';
import { weightsWithFault, type PlantedFault } from '@shared/lesson/planted';
import { mergeCheckpoint, readCheckpoint } from '@shared/merge/merge-checkpoint';
import { columnsOf, fcShapeOf, rowsOf } from '@shared/matrix/geometry';
import { matricesOf, provenance } from '@shared/merge/mathematics/matrices';
import { runStepsAsync, type MergeOptions } from '@shared/merge/merge-network';
import { leftSummaries } from '@shared/merge/recipes/summaries';
import type { BlockMatrices, MergeProgress, MergeSummary } from '@shared/merge/report';
import type { Watch } from '@shared/tensor/parts';
import { Broadcast } from '../broadcast';
import { blockIn, mergedWeights } from '../checkpoint/loaded-weights';
import type { WeightsLibrary } from '../checkpoint/weights';
import { asJob, mergeStepOf, partsStep, titleOf } from '../jobs/asked-jobs';
import type { Studio } from '../studio';
import { blockTensors } from './block-tensors';
import { mergedLayersOf, withGroups } from './families';
import { familyProof, groupTensors, listedKernels, mergeFamiliesOf, type MergedFamilyWeights } from './family-weights';
import { pairOf, type AskedPair } from './pair';
import { verifyPair, type Judged } from './verify';

type MergeEvent = { type: 'progress'; progress: MergeProgress } | { type: 'done'; merged: WeightsReference; summary: MergeSummary };

/** Implements `merge` of the contract. */
export function mergeProcedures(studio: Studio) {
  const merge = implement(studioContract.merge);
  return {
    run: merge.run.handler(({ input, signal }) =>
      asJob(studio, 'merge', titleOf(studio, input.weights), (own) => mergeEvents(studio, input, own), mergeStepOf, signal),
    ),
    verify: merge.verify.handler(({ input, signal }) =>
      asJob(studio, 'proof', titleOf(studio, input.train), (own) => proofSteps(studio, input, own), partsStep, signal),
    ),
    plant: merge.plant.handler(({ input }) => plantedMerge(studio, input)),
    blocks: merge.blocks.handler(({ input }) => studio.weights.blocksOf(input.weights)),
    matrices: merge.matrices.handler(({ input }) => matrixUrls(studio, input.weights, input.block)),
    provenance: merge.provenance.handler(async ({ input }) => {
      const loaded = await studio.weights.loadAny(input.weights);
      return provenance(blockIn(loaded, input.block), loaded.weights, input.row, input.column, input.block);
    }),
    tensors: merge.tensors.handler(({ input }) => blockTensors(studio, input.weights, input.block)),
    kernels: merge.kernels.handler(({ input, signal }) => listedKernels(studio.weights, input.weights, { signal })),
    group: merge.group.handler(({ input }) => groupTensors(studio, input.weights, input.at, input.recipe)),
  };
}

interface AskedProof extends AskedPair {
  readonly seed: number;
  readonly batch: number;
}

/** Leaving the stream ends the proof after the part under way. */
async function* proofSteps(studio: Studio, asked: AskedProof, signal?: AbortSignal): AsyncGenerator<VerifyStep, void> {
  const progress = new Broadcast<VerifyStep>();
  const steps = progress.subscribe(signal);
  const watch: Watch = { signal, onProgress: (done, total) => progress.send({ type: 'progress', done, total }) };
  const proving = proofOf(studio, asked, watch);
  proving.finally(() => progress.end()).catch(() => undefined);
  yield* steps;
  yield { type: 'done', ...(await proving) };
}

/** By recipes where they are meant, else on the engine. */
async function proofOf({ weights, engines }: Studio, asked: AskedProof, watch: Watch): Promise<Judged> {
  const { signal, onProgress } = watch;
  const byRecipes = await familyProof(weights, asked, { signal, onProgress: ({ done, total }) => onProgress?.(done, total) });
  if (byRecipes?.blocks === null) return { report: byRecipes.report, said: [] };
  const pair = await pairOf(weights, asked, byRecipes?.blocks?.merged);
  const { engine, place } = await engines.current();
  const { seed, batch } = asked;
  const { report, said } = await verifyPair(pair, { seed, batch, backend: 'auto' }, (request, which) =>
    engine.verify(request, watchOf(watch, which)),
  );
  const placed = { ...report, backend: `${report.backend}, ${place}` };
  return { report: byRecipes === null ? placed : withGroups(placed, byRecipes.report), said };
}

/** Of networks verified one after the other, all on as many inputs. */
function watchOf({ onProgress, signal }: Watch, { index, of }: { readonly index: number; readonly of: number }): Watch {
  return { signal, onProgress: (done, total) => onProgress?.(index * total + done, of * total) };
}

/** The merge gives way after every layer, so other calls are answered meanwhile. */
async function* mergeEvents({ weights }: Studio, asked: AskedMerge, signal?: AbortSignal) {
  const progress = new Broadcast<MergeEvent>();
  const events = progress.subscribe(signal);
  const start = performance.now();
  const layers: string[] = [];
  const onProgress = (step: MergeProgress): void => {
    layers.push(step.layer);
    progress.send({ type: 'progress', progress: step });
  };
  const merging = mergedFrom(weights, asked, { onProgress, signal });
  merging.finally(() => progress.end()).catch(() => undefined);
  yield* events;
  const { loaded, groups, left } = await merging;
  const milliseconds = performance.now() - start;
  const found = groups && { groups, left: leftSummaries(left ?? []) };
  const summary: MergeSummary = { form: 'merged', mergedLayers: mergedLayersOf(layers, left ?? []), milliseconds, ...found };
  yield { type: 'done', merged: weights.addMerged(loaded), summary } satisfies MergeEvent;
}

interface AskedMerge {
  readonly weights: WeightsReference;
  readonly fuseAllConvBn: boolean;
}

/** By recipes where they are meant; else the network merged, or the RepMLP blocks inside an unknown one where they stand. */
async function mergedFrom(
  weights: WeightsLibrary,
  { weights: reference, fuseAllConvBn }: AskedMerge,
  watch: Pick<MergeOptions, 'onProgress' | 'signal'>,
): Promise<Pick<MergedFamilyWeights, 'loaded'> & Partial<MergedFamilyWeights>> {
  const byRecipes = await mergeFamiliesOf(weights, reference, watch);
  if (byRecipes !== null) return byRecipes;
  const loaded = await weights.loadAny(reference);
  const options = { ...watch, fuseAllConvBn };
  return { loaded: mergedWeights(loaded, await runStepsAsync(mergeCheckpoint(loaded.read, options), options)) };
}

/** The merge of weights whose block was changed first: a mistake to be found. */
async function plantedMerge({ weights }: Studio, { weights: reference, fault, block }: AskedFault): Promise<WeightsReference> {
  const loaded = await weights.loadAny(reference);
  const read = readCheckpoint(loaded.read.understood, weightsWithFault(loaded.read.stored, fault, block));
  return weights.addMerged(mergedWeights(loaded, await runStepsAsync(mergeCheckpoint(read, {}), {})));
}

interface AskedFault {
  readonly weights: WeightsReference;
  readonly fault: PlantedFault;
  readonly block: string;
}

/** URLs under which the three matrices are computed, all at the first fetch of one. */
async function matrixUrls({ weights, bulk }: Studio, reference: WeightsReference, path: string): Promise<MatrixUrls> {
  const layer = blockIn(await weights.loadAny(reference), path);
  if (layer.form === 'merged')
    throw new UserError(`block ${path} is merged already: open the training-form weights to see what its branches add`);
  const matrices = onceForAll(async () => {
    const loaded = await weights.loadAny(reference);
    return matricesOf(blockIn(loaded, path), loaded.weights, path);
  });
  const [rows, columns] = [rowsOf(fcShapeOf(layer)), columnsOf(fcShapeOf(layer))];
  const url = (which: MatrixName): string => bulk.add({ kind: 'lazy', length: rows * columns * 4, produce: () => matrices(which) });
  return { path, layer, rows, columns, before: url('before'), added: url('added'), after: url('after') };
}

type MatrixName = 'before' | 'added' | 'after';

/** Bytes of one matrix at a time from a computation that makes all three; its result is kept until each was asked for. */
function onceForAll(compute: () => Promise<BlockMatrices>): (which: MatrixName) => Promise<Uint8Array<ArrayBuffer>> {
  let computed: Promise<BlockMatrices> | null = null;
  const missing = new Set<MatrixName>(['before', 'added', 'after']);
  return async (which) => {
    const values = (await (computed ??= compute()))[which];
    missing.delete(which);
    if (missing.size === 0) computed = null;
    return new Uint8Array(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength);
  };
}
