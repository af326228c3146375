// Merge and proof: the merged network stays in memory under a reference, its matrices are computed when fetched.
import { implement } from '@orpc/server';
import { studioContract, type MatrixUrls, type VerifyStep, type WeightsReference } from '@shared/link/studio';
import type { FloatType } from '@shared/checkpoint/entries';
import type { Engine } from '@shared/compute/engine';
import { UserError } from '@shared/base/user-error';
import { mergeCheckpoint } from '@shared/merge/merge-checkpoint';
import { verifyInside, verifyKnown } from '@shared/proof/verify-checkpoint';
import { columnsOf, rowsOf } from '@shared/merge/passes/matrix-job';
import { matricesOf, provenance } from '@shared/merge/mathematics/matrices';
import { fcShapeOf } from '@shared/merge/merge-layer';
import { runStepsAsync, type MergeOptions } from '@shared/merge/merge-network';
import type { BlockMatrices, MergeProgress, MergeSummary, VerifyReport } from '@shared/merge/report';
import { deriveSeed, normalArray, randomFrom, seed } from '@shared/tensor/random';
import { isFloating, toFloatType } from '@shared/tensor/convert';
import type { Watch } from '@shared/tensor/parts';
import { elementCount, floatTensor, type NamedTensors } from '@shared/tensor/tensor';
import { Broadcast } from '../broadcast';
import { blockIn, mergedWeights, type LoadedWeights } from '../checkpoint/loaded-weights';
import type { Studio } from '../studio';
import { blockTensors } from './block-tensors';

type MergeEvent = { type: 'progress'; progress: MergeProgress } | { type: 'done'; merged: WeightsReference; summary: MergeSummary };

/** Implements `merge` of the contract. */
export function mergeProcedures(studio: Studio) {
  const merge = implement(studioContract.merge);
  return {
    run: merge.run.handler(({ input, signal }) => mergeEvents(studio, input, signal)),
    verify: merge.verify.handler(({ input, signal }) => proofSteps(studio, input, signal)),
    blocks: merge.blocks.handler(({ input }) => studio.weights.blocksOf(input.weights)),
    matrices: merge.matrices.handler(({ input }) => matrixUrls(studio, input.weights, input.block)),
    provenance: merge.provenance.handler(async ({ input }) => {
      const loaded = await studio.weights.loadAny(input.weights);
      return provenance(blockIn(loaded, input.block), loaded.weights, input.row, input.column, input.block);
    }),
    tensors: merge.tensors.handler(({ input }) => blockTensors(studio, input.weights, input.block)),
  };
}

interface AskedProof {
  readonly train: WeightsReference;
  readonly merged: WeightsReference;
  readonly seed: number;
  readonly batch: number;
  readonly storedAs?: FloatType;
}

/** Leaving the stream ends the proof after the part under way. */
async function* proofSteps({ weights, engines }: Studio, asked: AskedProof, signal?: AbortSignal): AsyncGenerator<VerifyStep, void> {
  const [train, computed] = await Promise.all([weights.loadAny(asked.train), weights.loadAny(asked.merged)]);
  const { engine, place } = await engines.current();
  const progress = new Broadcast<VerifyStep>();
  const steps = progress.subscribe(signal);
  const onProgress = (done: number, total: number): void => progress.send({ type: 'progress', done, total });
  const merged = roundedTo(computed, asked.storedAs);
  const proving = proof(engine, train, merged, asked, { onProgress, signal });
  proving.finally(() => progress.end()).catch(() => undefined);
  yield* steps;
  const report = await proving;
  yield { type: 'done', report: { ...report, backend: `${report.backend}, ${place}` } };
}

/** The verdict on two forms of a network, or on the blocks inside an unknown one. */
function proof(
  engine: Engine,
  train: LoadedWeights,
  merged: LoadedWeights,
  input: { batch: number; seed: number },
  watch: Watch,
): Promise<VerifyReport> {
  const origin = { inputSeed: input.seed, backend: 'auto' } as const;
  if (train.spec === null) {
    const watches = train.inside.map((_, index) => watchOfBlock(watch, index, train.inside.length)).values();
    return verifyInside(train.read, merged.read, input, (before, after, x, inputSource) =>
      engine.verify({ train: before, merged: after, input: x, inputSource, ...origin }, watches.next().value),
    );
  }
  const { channels, height, width } = train.spec.input;
  const shape = [input.batch, channels, height, width];
  const values = normalArray(randomFrom(deriveSeed(seed(input.seed), 'verify')), elementCount(shape), 1);
  const sample = { input: floatTensor(shape, values), inputSource: 'standard normal', ...origin };
  return verifyKnown(train.read, merged.read, (forms) => engine.verify({ ...forms, ...sample }, watch));
}

/** The weights as they come back from a file of that type. */
function roundedTo(loaded: LoadedWeights, dtype: FloatType | undefined): LoadedWeights {
  if (dtype === undefined) return loaded;
  const weights = storedAs(loaded.weights, dtype);
  return { ...loaded, weights, read: { ...loaded.read, weights } };
}

/** Of blocks verified one after the other, all on as many inputs. */
function watchOfBlock({ onProgress, signal }: Watch, index: number, blocks: number): Watch {
  return { signal, onProgress: (done, total) => onProgress?.(index * total + done, blocks * total) };
}

/** The weights as a file of that type holds them. */
function storedAs(weights: NamedTensors, dtype: FloatType): NamedTensors {
  return new Map([...weights].map(([name, tensor]) => [name, isFloating(tensor.dtype) ? toFloatType(tensor, dtype) : tensor]));
}

/** The merge gives way after every layer, so other calls are answered meanwhile. */
async function* mergeEvents(studio: Studio, input: { weights: WeightsReference; fuseAllConvBn: boolean }, signal?: AbortSignal) {
  const loaded = await studio.weights.loadAny(input.weights);
  const progress = new Broadcast<MergeEvent>();
  const events = progress.subscribe(signal);
  const start = performance.now();
  const layers: string[] = [];
  const onProgress = (step: MergeProgress): void => {
    layers.push(step.layer);
    progress.send({ type: 'progress', progress: step });
  };
  const merging = mergeLoaded(loaded, { fuseAllConvBn: input.fuseAllConvBn, onProgress, signal });
  merging.finally(() => progress.end()).catch(() => undefined);
  yield* events;
  const merged = await merging;
  const summary = { form: 'merged', mergedLayers: layers, milliseconds: performance.now() - start } as const;
  yield { type: 'done', merged: studio.weights.addMerged(merged), summary } satisfies MergeEvent;
}

/** The network merged, or the blocks inside an unknown one where they stand. */
async function mergeLoaded(loaded: LoadedWeights, options: MergeOptions): Promise<LoadedWeights> {
  return mergedWeights(loaded, await runStepsAsync(mergeCheckpoint(loaded.read, options), options));
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
