// The proof for blocks merged inside an unknown network: nobody can run that network here, so each block is run
// on its own, before and after. Equal blocks in the same place make equal networks.
import type { FoundBlock } from '../model/recognise/blocks';
import { parametersOf } from '../model/parameters';
import { checkedSpec } from '../model/schema';
import type { NetworkSpec, RepBlock } from '../model/spec';
import { sizedFor } from '../model/walk';
import { seed } from '../tensor/random';
import type { FloatTensor, NamedTensors } from '../tensor/tensor';
import { mergedSpec } from '../model/merged-spec';
import type { WeightedNetwork } from '../merge/merge-network';
import type { VerifyReport } from '../merge/report';
import { seededInput } from './seeded-inputs';

/** The blocks of an unknown network, before and after. */
export interface MergedBlocks {
  readonly blocks: readonly Pick<FoundBlock, 'block'>[];
  readonly train: NamedTensors;
  readonly merged: NamedTensors;
}

/** What the blocks are run on. */
export interface BlockInputs {
  /** How many random inputs each block gets, and their seed. */
  readonly batch: number;
  readonly seed: number;
  /** Inputs to take in place of random ones, and where they come from. */
  readonly given?: { readonly source: string; readonly read: (block: string) => Promise<FloatTensor> };
}

/** Compares both forms of one block on an input: the engine's `verify`. */
export type VerifyBlock = (train: WeightedNetwork, merged: WeightedNetwork, input: FloatTensor, source: string) => Promise<VerifyReport>;

/** One report on all blocks, a line per block. Throws UserError where the merged file lacks what a block needs. */
export async function verifyBlocks(
  { blocks, train, merged }: MergedBlocks,
  inputs: BlockInputs,
  verify: VerifyBlock,
): Promise<VerifyReport> {
  const reports: VerifyReport[] = [];
  const which = blocks.length === 1 ? 'the block' : `each of ${blocks.length} blocks`;
  const source = `${inputs.given?.source ?? 'standard normal inputs'}, ${which} on its own`;
  for (const { block } of blocks) {
    const alone = aloneSpec(block);
    const input = await inputFor(alone, inputs);
    const spec = sizedFor(alone, input.shape);
    const before = { spec, weights: ownTensors(spec, train) };
    const after = { spec: mergedSpec(spec), weights: ownTensors(mergedSpec(spec), merged) };
    reports.push(await verify(before, after, input, source));
  }
  return together(reports);
}

async function inputFor(spec: NetworkSpec, { given, batch, seed: inputSeed }: BlockInputs): Promise<FloatTensor> {
  return given ? given.read(spec.name) : seededInput(spec, batch, seed(inputSeed), `verify ${spec.name}`);
}

/** A block as a network of its own, under the names it has where it stands. */
export function aloneSpec(block: RepBlock): NetworkSpec {
  const [height, width] = block.kind === 'repmlp' ? [block.H, block.W] : [block.h, block.w];
  return checkedSpec({
    format: 'repmlp-network',
    version: 1,
    name: block.name || 'block',
    task: 'classification',
    form: 'train',
    input: { channels: block.C, height, width },
    layers: [block],
  });
}

function ownTensors(spec: NetworkSpec, weights: NamedTensors): NamedTensors {
  const names = new Set(parametersOf(spec).map(({ name }) => name));
  return new Map([...weights].filter(([name]) => names.has(name)));
}

function inputOf({ layers, inputs }: VerifyReport) {
  return { path: layers[0].path, shape: inputs.shape ?? [] };
}

/** The verdict on all blocks; its numbers are those of the block that comes nearest to (or farthest beyond) its tolerance. */
function together(reports: readonly VerifyReport[]): VerifyReport {
  const worst = reports.reduce((a, b) => (b.maxRel / b.tolerance > a.maxRel / a.tolerance ? b : a));
  const layers = reports.flatMap((report) => report.layers);
  const diverging = reports.find(({ equivalent }) => !equivalent);
  return {
    ...worst,
    equivalent: diverging === undefined,
    argMaxAgreement: null,
    layers,
    firstDivergentLayer: diverging ? (diverging.layers[0]?.path ?? diverging.firstDivergentLayer) : null,
    inputs: { ...worst.inputs, ...(reports.length > 1 && { shape: null, blocks: reports.map(inputOf) }) },
    storage: worst.storage ?? reports.find(({ storage }) => storage !== null)?.storage ?? null,
  };
}
