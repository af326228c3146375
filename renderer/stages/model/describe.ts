// Layers in words: what the diagram writes on its boxes.
import { isRepBlock, type LayerSpec, type LeafSpec } from '@shared/model/spec';
import type { FeatureShape } from '@shared/model/walk';

/** A shape as `64 × 56 × 56`. */
export function mapText(shape: FeatureShape): string {
  return shape.join(' × ');
}

/** The children of a layer, in the groups in which the diagram draws them. */
export function branchesOf(layer: LayerSpec): { readonly label: string; readonly layers: readonly LayerSpec[] }[] {
  switch (layer.kind) {
    case 'sequential':
    case 'sideHead':
      return [{ label: '', layers: layer.layers }];
    case 'residual':
      return [
        { label: 'body', layers: layer.body },
        { label: layer.shortcut.length === 0 ? 'shortcut: identity' : 'shortcut', layers: layer.shortcut },
      ];
    case 'concat':
      return layer.branches.map((layers, index) => ({
        label: layers.length === 0 ? `branch ${index + 1}: identity` : `branch ${index + 1}`,
        layers,
      }));
    default:
      return [];
  }
}

/** What a layer is, in a few words. */
export function kindText(layer: LayerSpec): string {
  switch (layer.kind) {
    case 'sequential':
      return `${layer.layers.length} layers`;
    case 'residual':
      return 'residual';
    case 'concat':
      return 'concatenate';
    case 'sideHead':
      return 'side head, training only';
    default:
      return leafText(layer);
  }
}

function leafText(layer: LeafSpec): string {
  switch (layer.kind) {
    case 'conv2d':
    case 'convBn':
      return [convText(layer), layer.kind === 'convBn' && layer.activation !== 'none' ? layer.activation : ''].filter(Boolean).join(' · ');
    case 'repmlp':
      return [`RepMLP ${layer.h}×${layer.w}`, `g ${layer.groups}`, branchText(layer.kernels)].join(' · ');
    case 'repmlpNetBlock':
      return [`RepMLP block ${layer.h}×${layer.w}`, `S ${layer.shareSets}`, branchText(layer.kernels)].join(' · ');
    case 'linear':
    case 'cosineLinear':
      return `${layer.kind === 'linear' ? 'FC' : 'cosine FC'} ${layer.in} to ${layer.out}`;
    case 'pool':
      return `${layer.function} pool ${layer.kernel.join('×')}`;
    case 'activation':
      return layer.function;
    case 'adaptiveAveragePool':
      return `average pool to ${layer.bins.join('×')}`;
    case 'resize':
      return `resize to ${layer.size.join('×')}`;
    default:
      return PLAIN_NAMES[layer.kind] ?? layer.kind;
  }
}

const PLAIN_NAMES: Readonly<Record<string, string>> = {
  batchNorm: 'batch norm',
  flatten: 'flatten',
  dropout: 'dropout',
  globalPerceptron: 'Global Perceptron',
};

function convText(conv: Extract<LayerSpec, { kind: 'conv2d' | 'convBn' }>): string {
  const stride = conv.stride[0] === 1 ? '' : ` /${conv.stride[0]}`;
  const groups = conv.groups === 1 ? '' : ` · g ${conv.groups}`;
  return `conv ${conv.kernel.join('×')}${stride} · ${conv.in} to ${conv.out}${groups}${conv.kind === 'convBn' ? ' · BN' : ''}`;
}

function branchText(kernels: readonly number[]): string {
  return kernels.length === 0 ? 'no conv branches' : `branches ${kernels.map((K) => `${K}×${K}`).join(' ')}`;
}

/** Number of RepMLP blocks inside a layer, itself included. */
export function repBlocksIn(layer: LayerSpec): number {
  if (isRepBlock(layer)) return 1;
  return branchesOf(layer).reduce((sum, branch) => sum + branch.layers.reduce((inner, child) => inner + repBlocksIn(child), 0), 0);
}
