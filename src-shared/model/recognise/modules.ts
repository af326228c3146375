// What pickled modules say of themselves, held against the network their tensors make: eps of the batch norms is
// taken over; a convolution with another stride, padding or dilation, or a module of another class, is a network
// that is not described here, and is refused.
import type { ModuleSettings, SettingsOfModules } from '../../checkpoint/checkpoint-file';
import { fileNameOf, type Canonical } from '../canonical/canonical';
import { fileModuleOf } from '../canonical/blocks';
import { moduleOf } from '../canonical/draft';
import { BN_EPSILON, epsOf, isComposite, joinPath, type ConvGeometry, type LayerSpec, type LeafSpec, type Pair } from '../spec';
import { branchProblem, classOf, orderProblem } from './module-functions';

/** eps by the official path of a batch norm; undefined where nothing is known. */
export type EpsAt = (norm: string) => number | undefined;

/** What the file's modules say of the eps of a batch norm. */
export function epsOfModules(canonical: Canonical, settings: SettingsOfModules): EpsAt {
  return (norm) => {
    const said = settings.get(fileModuleOf(canonical.tensors, norm))?.values.eps;
    return typeof said === 'number' ? said : undefined;
  };
}

/** The network with the eps of its batch norms; layers of which nothing is known stay as they are. */
export function withEps<T extends { readonly layers: readonly LayerSpec[] }>(network: T, epsAt: EpsAt): T {
  return { ...network, layers: network.layers.map((layer) => layerWithEps(layer, '', epsAt)) };
}

function layerWithEps(layer: LayerSpec, parent: string, epsAt: EpsAt): LayerSpec {
  const path = joinPath(parent, layer.name);
  const all = (layers: readonly LayerSpec[]): LayerSpec[] => layers.map((child) => layerWithEps(child, path, epsAt));
  if (!isComposite(layer)) return leafWithEps(layer, path, epsAt);
  switch (layer.kind) {
    case 'sequential':
    case 'sideHead':
      return { ...layer, layers: all(layer.layers) };
    case 'residual':
      return { ...layer, body: all(layer.body), shortcut: all(layer.shortcut) };
    case 'concat':
      return { ...layer, branches: layer.branches.map(all) };
  }
}

/** A leaf at `path` with the eps of its batch norms: a block has FC3's for all (see canonical/blocks.ts). */
export function leafWithEps<T extends LeafSpec>(layer: T, path: string, epsAt: EpsAt): T {
  const norm = normOf(layer);
  const eps = norm === null ? undefined : epsAt(joinPath(path, norm));
  return eps === undefined || eps === epsOf(layer as { eps?: number }) ? layer : { ...layer, eps };
}

/** The batch norm of a leaf whose eps is the leaf's, relative to its path; null where it has none. */
function normOf(layer: LeafSpec): string | null {
  switch (layer.kind) {
    case 'batchNorm':
      return '';
    case 'convBn':
      return layer.form === 'train' ? 'bn' : null;
    case 'globalPerceptron':
      return layer.form === 'train' ? 'avg.bn' : null;
    case 'repmlp':
    case 'repmlpNetBlock':
      return layer.form === 'train' ? 'fc3_bn' : null;
    default:
      return null;
  }
}

/** The eps of the batch norms among these layers, each once. */
export function everyEps(layers: readonly LeafSpec[]): number[] {
  return [...new Set(layers.flatMap((layer) => (normOf(layer) === null ? [] : [epsOf(layer as { eps?: number })])))];
}

/** Those that are not PyTorch's default. */
export function unusualEps(layers: readonly LeafSpec[]): number[] {
  return everyEps(layers).filter((eps) => eps !== BN_EPSILON);
}

/** A convolution inside a leaf, by its official path, and what it has to be. */
interface Expected {
  readonly path: string;
  readonly geometry: Omit<ConvGeometry, 'in' | 'out'>;
}

/** What the pickled modules of a leaf say that its description does not, in words; null where nothing contradicts. */
export function contradiction(layer: LeafSpec, path: string, canonical: Canonical, settings: SettingsOfModules): string | null {
  if (settings.size === 0) return null;
  const at = (name: string): string => moduleOf(fileNameOf(canonical, joinPath(path, name))).replace(/\.parametrizations\.[^.]+$/, '');
  for (const { path: conv, geometry } of convolutionsOf(layer)) {
    const module = at(joinPath(conv, 'weight'));
    const problem = convolutionProblem(settings.get(module), geometry);
    if (problem) return `${module} ${problem}`;
  }
  for (const norm of normsOf(layer)) {
    const module = at(joinPath(norm, 'running_var'));
    const problem = classProblem(settings.get(module), NORMS);
    if (problem) return `${module} ${problem}`;
  }
  for (const branch of branchesOf(layer)) {
    const [conv, norm] = [at(joinPath(branch, 'conv.weight')), at(joinPath(branch, 'bn.running_var'))];
    const problem = (branch === '' ? null : branchProblem(conv, norm, settings)) ?? orderProblem(conv, norm, settings);
    if (problem) return problem;
  }
  return null;
}

/** Where a leaf has a convolution and its batch norm side by side, relative to its path. */
function branchesOf(layer: LeafSpec): string[] {
  if (layer.kind === 'convBn' && layer.form === 'train') return [''];
  const isTrainBlock = (layer.kind === 'repmlp' || layer.kind === 'repmlpNetBlock') && layer.form === 'train';
  return isTrainBlock ? layer.kernels.map((K) => `repconv${K}`) : [];
}

function convolutionsOf(layer: LeafSpec): Expected[] {
  if (layer.kind === 'conv2d') return [{ path: '', geometry: layer }];
  if (layer.kind === 'convBn') return [{ path: 'conv', geometry: layer }];
  if (layer.kind !== 'repmlp' && layer.kind !== 'repmlpNetBlock') return [];
  const groups = layer.kind === 'repmlp' ? layer.groups : layer.shareSets;
  const square = (K: number): Expected['geometry'] => ({
    kernel: [K, K],
    stride: [1, 1],
    padding: [(K - 1) / 2, (K - 1) / 2],
    dilation: [1, 1],
    groups,
  });
  const branches = layer.form === 'train' ? layer.kernels.map((K) => ({ path: `repconv${K}.conv`, geometry: square(K) })) : [];
  return [{ path: 'fc3', geometry: square(1) }, ...branches];
}

function normsOf(layer: LeafSpec): string[] {
  const norm = normOf(layer);
  if (norm === null || (layer.kind !== 'repmlp' && layer.kind !== 'repmlpNetBlock')) return norm === null ? [] : [norm];
  return [norm, ...layer.kernels.map((K) => `repconv${K}.bn`)];
}

/** Whose classes compute what their name says. Quantization-aware ones of PyTorch round their weights. */
const TRUSTED = /^(?!.*\.qat\.)(torch|torchvision|mmcv|mmengine|mmcls|mmpretrain|timm|detectron2|apex)\./;
/** Those classes; a subclass may compute anything. */
const CONVOLUTIONS = ['Conv2d', 'ParametrizedConv2d'];
const NORMS = ['BatchNorm2d', 'BatchNorm1d', 'SyncBatchNorm', 'FrozenBatchNorm2d'];

function classProblem(module: ModuleSettings | undefined, classes: readonly string[]): string | null {
  if (module === undefined) return null;
  return TRUSTED.test(module.className) && classes.includes(classOf(module))
    ? null
    : `is a ${module.className}: what it computes is not known here (${classes[0]} is)`;
}

function convolutionProblem(module: ModuleSettings | undefined, geometry: Expected['geometry']): string | null {
  if (module === undefined) return null;
  const wrongClass = classProblem(module, CONVOLUTIONS);
  if (wrongClass) return wrongClass;
  const { kernel, stride, padding, dilation, groups } = geometry;
  const pairs: readonly (readonly [key: string, expected: Pair])[] = [
    ['kernel_size', kernel],
    ['stride', stride],
    ['padding', padding],
    ['dilation', dilation],
  ];
  for (const [key, expected] of pairs) {
    const said = module.values[key];
    const list = typeof said === 'number' ? [said, said] : said;
    if (Array.isArray(list) && list.join() !== expected.join()) return `has ${key} ${list.join('x')}, expected ${expected.join('x')}`;
    if (said === 'valid' && expected.some((size) => size !== 0)) return `has padding 'valid', expected ${expected.join('x')}`;
  }
  if (typeof module.values.groups === 'number' && module.values.groups !== groups)
    return `has ${module.values.groups} groups, expected ${groups}`;
  const mode = module.values.padding_mode;
  return typeof mode === 'string' && mode !== 'zeros' && padding.some((size) => size > 0) ? `pads with '${mode}', expected zeros` : null;
}
