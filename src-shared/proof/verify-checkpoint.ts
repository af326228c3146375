// Are two checkpoints the two forms of one network? What the merged one has to be is derived from the train form:
// every tensor of it must have its place there. A known network is run as a whole; of an unknown one each block
// is, and every tensor beside the blocks must be the same in both.
import type { FloatType } from '../checkpoint/entries';
import { canonicalInfos } from '../model/canonical/canonical';
import { fitOf, isFitting, misfitText } from '../model/fit';
import { leafParameters } from '../model/parameters';
import { epsOfModules, withEps } from '../model/recognise/modules';
import { expectDecided, fittingForm, mergeableBlocks, type KnownFile, type Understanding } from '../model/recognise/understand';
import type { NetworkSpec } from '../model/spec';
import { leavesOf, type LeafVisit } from '../model/walk';
import { isFloating, toFloat64, toFloatType } from '../tensor/convert';
import { sameShape, type NamedTensors, type Tensor } from '../tensor/tensor';
import { UserError } from '../base/user-error';
import { indexOf } from './compare-arrays';
import { verifyBlocks, type BlockInputs, type VerifyBlock } from './blocks-inside';
import type { ReadCheckpoint } from '../merge/merge-checkpoint';
import { isMergeable, mergedSpec } from '../model/merged-spec';
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
 * The verdict on a known network: `run` compares what both forms compute, and what a merge does not touch has to be the same.
 * Inputs need not reach every weight: behind a ReLU that none of them opens anything may stand.
 */
export async function verifyKnown(
  train: ReadCheckpoint,
  merged: MergedFile,
  run: (forms: BothForms) => Promise<VerifyReport>,
): Promise<VerifyReport> {
  const forms = formsOfOne(train, merged);
  const report = await run(forms);
  return withDiffering(report, untouched(leavesOf(forms.train.spec), forms.train.weights, forms.merged.weights));
}

/** Tensors that differ, as lines of a report that is then not one of equivalence. */
function withDiffering(report: VerifyReport, differing: readonly LayerComparison[]): VerifyReport {
  if (differing.length === 0) return report;
  const firstDivergentLayer = report.firstDivergentLayer ?? differing[0].path;
  return { ...report, equivalent: false, layers: [...report.layers, ...differing], firstDivergentLayer };
}

/** The tensors that a merge makes anew, below the layers it changes. */
const MADE = /^(fc3|fc1_fc2\.fc1|conv)\.(weight|bias)$/;

/** Of the tensors a merge leaves alone, those that differ by more than storing them in half precision can have done. */
function untouched(leaves: readonly Pick<LeafVisit, 'layer' | 'path'>[], train: NamedTensors, merged: NamedTensors): LayerComparison[] {
  return leaves.flatMap(({ layer, path }) =>
    leafParameters(layer, path).flatMap(({ name, role }) => {
      const made = isMergeable(layer, { fuseAllConvBn: true }) && MADE.test(path === '' ? name : name.slice(path.length + 1));
      const [before, after] = [train.get(name), merged.get(name)];
      if (made || role === 'counter' || !before || !after) return [];
      return differing(name, before, after).filter(({ maxRel }) => !(maxRel <= HALF_ROUNDING));
    }),
  );
}

/** Unit roundoff of bfloat16: what a value may have lost on its way through the coarsest type. */
const HALF_ROUNDING = 2 ** -8;

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
  const prefixes = blocks.map(({ prefix }) => prefix);
  const beside = (weights: NamedTensors): NamedTensors =>
    new Map([...weights].filter(([name]) => !prefixes.some((prefix) => name.startsWith(prefix))));
  for (const { block, prefix } of blocks) expectMergedBlock(block.name, prefix, mergedSpec(aloneNetwork(block)), merged);
  const rest = compareRest(beside(train.weights), beside(merged.weights), { train: fileName, merged: merged.understood.fileName });
  const report = await verifyBlocks({ blocks, train: train.weights, merged: merged.weights }, inputs, verify);
  const inside = blocks.flatMap(({ block }) => untouched([{ layer: block, path: block.name }], train.weights, merged.weights));
  return withDiffering(report, [...rest, ...inside]);
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

/** A tensor that is not the same in both, but for rounding to the type the merged file stores it in. */
function differing(name: string, train: Tensor, merged: Tensor): LayerComparison[] {
  if (train === merged) return [];
  const about = { path: name, kind: 'tensor', tolerance: 0, equivalent: false, unusable: null } as const;
  if (!sameShape(train.shape, merged.shape))
    return [{ ...about, maxAbs: Infinity, maxRel: Infinity, scale: 0, worst: { index: [], train: NaN, merged: NaN } }];
  const rounded = isFloating(train.dtype) && isFloating(merged.dtype) ? toFloatType(train, merged.dtype as FloatType) : train;
  const [a, b] = [toFloat64(rounded), toFloat64(merged)];
  let [worst, maxAbs, scale] = [-1, 0, 0];
  for (let i = 0; i < a.length; i++) {
    if (Math.abs(a[i]) > scale) scale = Math.abs(a[i]);
    const difference = Object.is(a[i], b[i]) || a[i] === b[i] ? 0 : Math.abs(a[i] - b[i]);
    if (difference === 0 || (worst >= 0 && !(difference > maxAbs))) continue;
    [worst, maxAbs] = [i, Number.isNaN(difference) ? Infinity : difference];
  }
  if (worst < 0) return [];
  const at = { index: indexOf(worst, train.shape), train: a[worst], merged: b[worst] };
  return [{ ...about, maxAbs, maxRel: scale > 0 ? maxAbs / scale : Infinity, scale, worst: at }];
}
