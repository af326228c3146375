// Merge and proof: the merged network stays in memory under a reference, its matrices are computed when fetched.
import { implement } from '@orpc/server';
import { studioContract, type MatrixUrls, type WeightsReference } from '@shared/contract/studio';
import { UserError } from '@shared/user-error';
import { repBlockAt } from '@shared/merge/block-at';
import { columnsOf, rowsOf } from '@shared/merge/matrix-job';
import { blockMatrices, provenance } from '@shared/merge/matrices';
import { fcShapeOf } from '@shared/merge/merge-layer';
import { mergeNetworkAsync } from '@shared/merge/merge-network';
import type { BlockMatrices, MergeProgress, MergeSummary } from '@shared/merge/report';
import { isRepBlock } from '@shared/model/spec';
import { leavesOf } from '@shared/model/walk';
import { deriveSeed, normalArray, randomFrom, seed } from '@shared/tensor/random';
import { elementCount, floatTensor } from '@shared/tensor/tensor';
import { Broadcast } from '../broadcast';
import type { Studio } from '../studio';
import { blockTensors } from './block-tensors';

type MergeEvent = { type: 'progress'; progress: MergeProgress } | { type: 'done'; merged: WeightsReference; summary: MergeSummary };

/** Implements `merge` of the contract. */
export function mergeProcedures(studio: Studio) {
  const merge = implement(studioContract.merge);
  return {
    run: merge.run.handler(({ input, signal }) => mergeEvents(studio, input, signal)),
    verify: merge.verify.handler(async ({ input }) => {
      const [train, merged] = await Promise.all([studio.weights.load(input.train), studio.weights.load(input.merged)]);
      const { channels, height, width } = train.spec.input;
      const shape = [input.batch, channels, height, width];
      const values = normalArray(randomFrom(deriveSeed(seed(input.seed), 'verify')), elementCount(shape), 1);
      const { engine, place } = await studio.engines.current();
      const origin = { inputSource: 'standard normal', inputSeed: input.seed, backend: 'auto' } as const;
      const report = await engine.verify({ train, merged, input: floatTensor(shape, values), ...origin });
      return { ...report, backend: `${report.backend}, ${place}` };
    }),
    blocks: merge.blocks.handler(async ({ input }) => {
      const { spec } = await studio.weights.load(input.weights);
      return leavesOf(spec).flatMap(({ layer, path }) => (isRepBlock(layer) ? [path] : []));
    }),
    matrices: merge.matrices.handler(({ input }) => matrixUrls(studio, input.weights, input.block)),
    provenance: merge.provenance.handler(async ({ input }) => {
      const { spec, weights } = await studio.weights.load(input.weights);
      return provenance(repBlockAt(spec, input.block), weights, input.row, input.column, input.block);
    }),
    tensors: merge.tensors.handler(({ input }) => blockTensors(studio, input.weights, input.block)),
  };
}

/** The merge gives way after every layer, so other calls are answered meanwhile. */
async function* mergeEvents(studio: Studio, input: { weights: WeightsReference; fuseAllConvBn: boolean }, signal?: AbortSignal) {
  const { spec, weights } = await studio.weights.load(input.weights);
  const progress = new Broadcast<MergeEvent>();
  const events = progress.subscribe(signal);
  const start = performance.now();
  const layers: string[] = [];
  const onProgress = (step: MergeProgress): void => {
    layers.push(step.layer);
    progress.send({ type: 'progress', progress: step });
  };
  const merging = mergeNetworkAsync(spec, weights, { fuseAllConvBn: input.fuseAllConvBn, onProgress, signal });
  merging.finally(() => progress.end()).catch(() => undefined);
  yield* events;
  const network = await merging;
  const summary = { form: network.spec.form, mergedLayers: layers, milliseconds: performance.now() - start };
  yield { type: 'done', merged: studio.weights.addMerged(network), summary } satisfies MergeEvent;
}

/** URLs under which the three matrices are computed, all at the first fetch of one. */
async function matrixUrls({ weights, bulk }: Studio, reference: WeightsReference, path: string): Promise<MatrixUrls> {
  const { spec } = await weights.load(reference);
  const layer = repBlockAt(spec, path);
  if (layer.form === 'merged')
    throw new UserError(`block ${path} is merged already: open the training-form weights to see what its branches add`);
  const matrices = onceForAll(async () => {
    const network = await weights.load(reference);
    return blockMatrices(network.spec, network.weights, path);
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
