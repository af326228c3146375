// Are two checkpoints the two forms of one network? What the merged one has to be is derived from the train form:
// every tensor of it must have its place there. A known network is run as a whole; of an unknown one each block
// is, and every tensor beside the blocks must be the same in both.
import { canonicalInfos } from '../model/canonical/canonical';
import { fitOf, isFitting, misfitText } from '../model/fit';
import { epsOfModules, withEps } from '../model/recognise/modules';
import { expectDecided, fittingForm, mergeableBlocks, type KnownFile, type Understanding } from '../model/recognise/understand';
import type { NetworkSpec } from '../model/spec';
import { leavesOf } from '../model/walk';
import { namesBelow } from '../tensor/names-below';
import type { NamedTensors, Tensor } from '../tensor/tensor';
import { UserError } from '../base/user-error';
import { differing, isChanged, madeOtherwise, untouched, withDiffering } from './compare-tensors';
import { verifyBlocks, type BlockInputs, type VerifyBlock } from './blocks-inside';
import type { ReadCheckpoint } from '../merge/merge-checkpoint';
import { mergedSpec } from '../model/merged-spec';
import type { WeightedNetwork } from '../merge/merge-network';
import type { LayerComparison, VerifyReport } from '../merge/report';

/** The merged file, as far as it matters whose it is. */
export interface MergedFile extends ReadCheckpoint {
  readonly settings?: KnownFile['moduleSettings'];
}

/** Both forms of a known network. */
export interface BothForms {
  readonly train: WeightedNetwork;
  readonly merged: WeightedNetwork;
}

/**
 * The verdict on a known network: `run` compares what both forms compute, what a merge does not touch has to be the same, and
 * what it makes has to be near what is made here. Inputs need not reach every weight: behind a ReLU that none of them opens
 * anything may stand.
 */
export async function verifyKnown(
  train: ReadCheckpoint,
  merged: MergedFile,
  run: (forms: BothForms) => Promise<VerifyReport>,
): Promise<VerifyReport> {
  const forms = formsOfOne(train, merged);
  const report = await run(forms);
  const leaves = leavesOf(forms.train.spec);
  const kept = withDiffering(report, untouched(leaves, forms.train.weights, forms.merged.weights));
  if (!kept.equivalent) return kept;
  const after = new Map(leavesOf(forms.merged.spec).map(({ path, layer }) => [path, layer]));
  const made = leaves.filter(({ layer, path }) => isChanged(layer, after.get(path)));
  return withDiffering(kept, madeOtherwise(made, forms.train.weights, forms.merged.weights));
}

/** Both forms of a known network, ready to be run. Throws UserError where the second file is not the merged form of the first. */
function formsOfOne(train: ReadCheckpoint, merged: MergedFile): BothForms {
  const { spec } = train.understood;
  if (spec === null) throw new Error('an unknown network has no forms');
  expectDecided(train.understood);
  return {
    train: { spec, weights: train.weights },
    merged: { spec: mergedForm(spec, train.understood, merged), weights: merged.weights },
  };
}

function mergedForm(train: NetworkSpec, { fileName }: Understanding, merged: MergedFile): NetworkSpec {
  const { canonical, fileName: mergedName } = merged.understood;
  if (train.form === 'merged')
    throw new UserError(`${fileName} holds the merged form of ${train.name}; give the train form first: repmlp verify TRAIN MERGED`);
  const forms = [mergedSpec(train), mergedSpec(train, { fuseAllConvBn: true })];
  const form = fittingForm(forms, canonical);
  if (form) return withEps(form, merged.settings ? epsOfModules(canonical, merged.settings) : () => undefined);
  if (fittingForm([train], canonical))
    throw new UserError(`${mergedName} is in train form too; give the merged file second: repmlp verify TRAIN MERGED`);
  const misfit = misfitText(fitOf(forms[0], canonicalInfos(canonical)));
  const other = merged.understood.spec;
  if (other !== null && other.name !== train.name)
    throw new UserError(`${fileName} and ${mergedName} hold different networks: ${train.name} and ${other.name}; ${misfit}`);
  throw new UserError(`${mergedName} is not the merged form of ${fileName} (${train.name}): ${misfit}`);
}

/** The verdict on the blocks of an unknown network and on everything beside them. */
export async function verifyInside(
  train: ReadCheckpoint,
  merged: ReadCheckpoint,
  inputs: BlockInputs,
  verify: VerifyBlock,
): Promise<VerifyReport> {
  const blocks = mergeableBlocks(train.understood);
  const { fileName } = train.understood;
  if (blocks.length === 0) throw new UserError(`${fileName} holds no block in train form`);
  const beside = (weights: NamedTensors): NamedTensors => {
    const rest = new Map(weights);
    for (const { prefix } of blocks) for (const name of namesBelow(weights).below(prefix)) rest.delete(name);
    return rest;
  };
  for (const { block, prefix } of blocks) expectMergedBlock(block.name, prefix, mergedSpec(aloneNetwork(block)), merged);
  const rest = compareRest(beside(train.weights), beside(merged.weights), { train: fileName, merged: merged.understood.fileName });
  const report = await verifyBlocks({ blocks, train: train.weights, merged: merged.weights }, inputs, verify);
  const leaves = blocks.map(({ block }) => ({ layer: block, path: block.name }));
  const kept = withDiffering(report, [...rest, ...untouched(leaves, train.weights, merged.weights)]);
  return kept.equivalent ? withDiffering(kept, madeOtherwise(leaves, train.weights, merged.weights)) : kept;
}

function aloneNetwork(block: NetworkSpec['layers'][number]): NetworkSpec {
  const input = { channels: 1, height: 1, width: 1 };
  return { format: 'repmlp-network', version: 1, name: 'block', task: 'classification', form: 'train', input, layers: [block] };
}

/** Throws UserError where the tensors below a block's prefix are not those of its merged form, no more and no fewer. */
function expectMergedBlock(name: string, prefix: string, spec: NetworkSpec, { understood }: ReadCheckpoint): void {
  const below = canonicalInfos(understood.canonical).filter((info) => info.name.startsWith(prefix));
  const fit = fitOf(spec, below);
  if (!isFitting(fit))
    throw new UserError(`${understood.fileName} does not hold the merged form of the block ${name || 'inside'}: ${misfitText(fit)}`);
}

/** The tensors beside the blocks that differ. Throws UserError where one is missing in either file. */
function compareRest(train: NamedTensors, merged: NamedTensors, names: { train: string; merged: string }): LayerComparison[] {
  const lost = [...train.keys()].find((name) => !merged.has(name));
  if (lost !== undefined) throw new UserError(`${names.merged} has no ${lost}, which ${names.train} has beside its blocks`);
  const added = [...merged.keys()].find((name) => !train.has(name));
  if (added !== undefined) throw new UserError(`${names.merged} has ${added}, which ${names.train} has not; only blocks are merged`);
  return [...train].flatMap(([name, tensor]) => differing(name, tensor, merged.get(name) as Tensor));
}
