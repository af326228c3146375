// The tensors of one RepMLP block under their official names: branches whose convolution and batch norm go by
// other names are told by structure, batch norms without gamma and beta get ones and zeros, a bias before a batch
// norm moves into its mean. What does not fit stays under its own name, and the block is refused for it.
import { isFloating, toFloat64 } from '../../tensor/convert';
import { sameShape, type Tensor, type TensorInfo } from '../../tensor/tensor';
import { BN_EPSILON } from '../spec';
import { lastOf, moduleOf, renamed, replaced, type CanonicalTensor, type Done, type Draft, type ReadTensor } from './draft';

/** eps of the batch norm at a module path of the file; undefined where nothing is known. */
export type KnownEps = (fileModule: string) => number | undefined;

/** What a step gives: the next draft, and what was done. */
export interface Step {
  readonly draft: Draft;
  readonly done: readonly Done[];
}

/** Prefixes (with their trailing dot, or empty) of everything that may be a block: there is an FC3 below them. */
export function blockPrefixes(names: Iterable<string>): string[] {
  const prefixes = new Set<string>();
  for (const name of names) {
    const prefix = /^((?:.*\.)?)fc3\.weight$/.exec(name)?.[1];
    if (prefix !== undefined) prefixes.add(prefix);
  }
  return [...prefixes];
}

/** The block below `prefix` under official names. */
export function officialBlock(draft: Draft, prefix: string, epsOf: KnownEps): Step {
  const names = withOfficialNames(draft, prefix);
  const norms = normsBelow(names.draft, prefix);
  const affine = norms.reduce((step, norm) => then(step, withAffine(step.draft, norm)), names);
  const biased = biasesBelow(affine.draft, prefix).reduce((step, pair) => then(step, biasIntoMean(step.draft, pair)), affine);
  return then(biased, withOneEps(biased.draft, prefix, norms, epsOf));
}

function then(before: Step, next: Step): Step {
  return { draft: next.draft, done: [...before.done, ...next.done] };
}

function withOfficialNames(draft: Draft, prefix: string): Step {
  const below = [...draft.values()].filter(({ name }) => name.startsWith(prefix));
  const branches = branchesBelow(below, prefix).flatMap((branch) => branchNames(branch, prefix));
  const names = new Map([...fc3NormNames(below, prefix), ...perceptronNames(below, prefix), ...branches]);
  const done = [...names]
    .map(([from, to]) => ({ what: `${moduleOf(from).slice(prefix.length)} read as ${moduleOf(to).slice(prefix.length)}`, at: prefix }))
    .filter(({ what }, index, all) => all.findIndex((other) => other.what === what) === index);
  return names.size === 0 ? { draft, done: [] } : { draft: renamed(draft, names), done };
}

/** Other names of FC3's batch norm. */
const FC3_NORM = /^(fc3_?(?:bn|norm|batchnorm)|(?:bn|norm)_?fc3)$/;

function fc3NormNames(below: readonly TensorInfo[], prefix: string): [string, string][] {
  const modules = new Set(below.map(({ name }) => moduleOf(name).slice(prefix.length)).filter((module) => FC3_NORM.test(module)));
  const [module] = modules;
  if (modules.size !== 1 || module === 'fc3_bn') return [];
  return below.filter(({ name }) => moduleOf(name) === prefix + module).map(({ name }) => [name, `${prefix}fc3_bn.${lastOf(name)}`]);
}

/** Other names of the two layers of RepMLPNet's Global Perceptron. */
const PERCEPTRONS = [
  ['conv1.conv', 'conv2.conv'],
  ['conv1', 'conv2'],
  ['fc1.conv', 'fc2.conv'],
] as const;

function perceptronNames(below: readonly TensorInfo[], prefix: string): [string, string][] {
  const has = (module: string): boolean => below.some(({ name }) => name === `${prefix}gp.${module}.weight`);
  if (has('fc1') || has('fc2')) return [];
  const theirs = PERCEPTRONS.find((pair) => pair.every(has));
  return (theirs ?? []).flatMap((module, index) =>
    below
      .filter(({ name }) => moduleOf(name) === `${prefix}gp.${module}`)
      .map(({ name }): [string, string] => [name, `${prefix}gp.fc${index + 1}.${lastOf(name)}`]),
  );
}

/** A conv branch and its tensors. */
interface FoundBranch {
  readonly K: string;
  readonly tensors: readonly TensorInfo[];
}

function branchesBelow(below: readonly TensorInfo[], prefix: string): FoundBranch[] {
  const byKernel = new Map<string, TensorInfo[]>();
  for (const tensor of below) {
    const K = /^repconv(\d+)\./.exec(tensor.name.slice(prefix.length))?.[1];
    if (K !== undefined) byKernel.set(K, [...(byKernel.get(K) ?? []), tensor]);
  }
  return [...byKernel].map(([K, tensors]) => ({ K, tensors }));
}

/** The new names of a branch that is one convolution and one batch norm after it; none where it is anything else. */
function branchNames({ K, tensors }: FoundBranch, prefix: string): [string, string][] {
  const modules = [...new Set(tensors.map(({ name }) => moduleOf(name)))];
  const of = (module: string): TensorInfo[] => tensors.filter(({ name }) => moduleOf(name) === module);
  const convs = modules.filter((module) => isConvolution(of(module)));
  const norms = modules.filter((module) => isNorm(of(module)));
  if (modules.length !== 2 || convs.length !== 1 || norms.length !== 1 || !inOrder(convs[0], norms[0])) return [];
  if (FIRST.test(lastOf(norms[0]))) return [];
  const to = `${prefix}repconv${K}`;
  const renames = (module: string, official: string): [string, string][] =>
    of(module).map(({ name }) => [name, `${to}.${official}.${lastOf(name)}`]);
  return [...renames(convs[0], 'conv'), ...renames(norms[0], 'bn')].filter(([from, official]) => from !== official);
}

/** A weight of four axes, and perhaps a bias. */
function isConvolution(tensors: readonly TensorInfo[]): boolean {
  const weight = tensors.find(({ name }) => lastOf(name) === 'weight');
  return weight?.shape.length === 4 && tensors.every(({ name }) => ['weight', 'bias'].includes(lastOf(name)));
}

const NORM_PARTS = ['weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked'];

/** A batch norm before its convolution is another function, and only its name tells: safetensors files are in no order. */
const FIRST = /^(pre|in)_?(act_?)?(bn|norm|batch_?norm)/i;

/** Running statistics, and nothing that a batch norm has not. */
function isNorm(tensors: readonly TensorInfo[]): boolean {
  const has = (part: string): boolean => tensors.some(({ name }) => lastOf(name) === part);
  return has('running_mean') && has('running_var') && tensors.every(({ name }) => NORM_PARTS.includes(lastOf(name)));
}

/** Numbered modules are applied in the order of their numbers: 0 and then 1, since what has no tensors leaves a gap in them. */
function inOrder(conv: string, norm: string): boolean {
  const [first, second] = [lastOf(conv), lastOf(norm)].map((name) => (/^\d+$/.test(name) ? Number(name) : null));
  return first === null && second === null ? true : first === 0 && second === 1 && moduleOf(conv) === moduleOf(norm);
}

/** Paths of the batch norms below a prefix, under official names. */
function normsBelow(draft: Draft, prefix: string): string[] {
  const official = /^(fc3_bn|avg\.bn|repconv\d+\.bn)\.running_var$/;
  return [...draft.keys()].filter((name) => name.startsWith(prefix) && official.test(name.slice(prefix.length))).map(moduleOf);
}

/** A batch norm without gamma and beta has ones and zeros for them; one that has only one of them is left as it is. */
function withAffine(draft: Draft, norm: string): Step {
  if (draft.has(`${norm}.weight`) || draft.has(`${norm}.bias`)) return { draft, done: [] };
  const variance = draft.get(`${norm}.running_var`) as CanonicalTensor;
  const constant = (part: string, value: number): CanonicalTensor => ({
    name: `${norm}.${part}`,
    dtype: 'float32',
    shape: variance.shape,
    sources: [],
    make: () => ({ shape: variance.shape, dtype: 'float32', data: new Float32Array(variance.shape[0]).fill(value) }),
  });
  const made = [constant('weight', 1), constant('bias', 0), variance];
  return {
    draft: replaced(draft, [variance.name], made),
    done: [{ what: 'batch norm without gamma and beta taken as 1 and 0', at: norm }],
  };
}

/** A bias and the mean of the batch norm right after it. */
interface BiasAndMean {
  readonly bias: string;
  readonly mean: string;
}

function biasesBelow(draft: Draft, prefix: string): BiasAndMean[] {
  const pairs = [...draft.keys()].flatMap((name): BiasAndMean[] => {
    if (!name.startsWith(prefix)) return [];
    const branch = /^(repconv\d+)\.conv\.bias$/.exec(name.slice(prefix.length))?.[1];
    if (branch !== undefined) return [{ bias: name, mean: `${prefix}${branch}.bn.running_mean` }];
    return name === `${prefix}fc3.bias` ? [{ bias: name, mean: `${prefix}fc3_bn.running_mean` }] : [];
  });
  return pairs.filter(({ bias, mean }) => fitsMean(draft.get(bias), draft.get(mean)));
}

/** RepMLPNet's FC3 has a bias per row and one mean per share-set: that one does not move (see `fc3Bias` of the spec). */
function fitsMean(bias: CanonicalTensor | undefined, mean: CanonicalTensor | undefined): boolean {
  return bias !== undefined && mean !== undefined && sameShape(bias.shape, mean.shape) && isFloating(bias.dtype) && isFloating(mean.dtype);
}

/** BN(x + b) has mean - b where BN(x) has mean. */
function biasIntoMean(draft: Draft, { bias, mean }: BiasAndMean): Step {
  const [b, m] = [draft.get(bias) as CanonicalTensor, draft.get(mean) as CanonicalTensor];
  const made = inDoubles({ ...m, sources: [...m.sources, ...b.sources] }, (read) => {
    const values = toFloat64(b.make(read));
    return toFloat64(m.make(read)).map((value, i) => value - values[i]);
  });
  const without = new Map([...draft].filter(([name]) => name !== bias));
  return { draft: replaced(without, [mean], [made]), done: [{ what: 'bias before a batch norm folded in', at: moduleOf(bias) }] };
}

/**
 * A layer of the spec has one eps: FC3's. Where another batch norm of the block has its own, the difference goes into that
 * one's variance: v + e = (v + e - eps) + eps.
 */
function withOneEps(draft: Draft, prefix: string, norms: readonly string[], epsOf: KnownEps): Step {
  const epsAt = (norm: string): number => epsOf(fileModuleOf(draft, norm)) ?? BN_EPSILON;
  const own = epsAt(`${prefix}fc3_bn`);
  // Integers stay what they are, and are refused for it.
  const isReal = (norm: string): boolean => isFloating((draft.get(`${norm}.running_var`) as CanonicalTensor).dtype);
  const others = norms.filter((norm) => epsAt(norm) !== own && isReal(norm));
  const next = others.reduce((now, norm) => {
    const variance = now.get(`${norm}.running_var`) as CanonicalTensor;
    const shift = epsAt(norm) - own;
    const moved = inDoubles(variance, (read) => toFloat64(variance.make(read)).map((value) => value + shift));
    return replaced(now, [variance.name], [moved]);
  }, draft);
  return { draft: next, done: others.map((norm) => ({ what: `eps ${epsAt(norm)}, other than FC3's, used`, at: norm })) };
}

function inDoubles(like: CanonicalTensor, compute: (read: ReadTensor) => Float64Array): CanonicalTensor {
  const make = (read: ReadTensor): Tensor => ({ shape: like.shape, dtype: 'float64', data: compute(read) });
  return { ...like, dtype: 'float64', make };
}

/** The module path that the file has for a batch norm under its official name. */
export function fileModuleOf(draft: Draft, norm: string): string {
  const [source] = draft.get(`${norm}.running_var`)?.sources ?? [];
  return source === undefined ? norm : moduleOf(source);
}
