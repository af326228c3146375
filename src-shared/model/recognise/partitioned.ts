// A network with other partitions than the usual reading of its shapes: sizes of the blocks are replaced where
// they stand, and the input grows or shrinks with the first of them.
import { UserError } from '../../base/user-error';
import { checkedSpec } from '../schema';
import { isComposite, isRepBlock, joinPath, type LayerSpec, type NetworkSpec, type RepBlock } from '../spec';
import { leavesOf } from '../walk';

/** `spec` with the blocks at these paths in place of its own, form and eps kept. Throws UserError where they do not fit together. */
export function withBlocks(spec: NetworkSpec, blocks: ReadonlyMap<string, RepBlock>, fileName: string): NetworkSpec {
  if (blocks.size === 0) return spec;
  const layers = spec.layers.map((layer) => placed(layer, '', blocks));
  const next = { ...spec, layers, input: { ...inputSize(spec, blocks), channels: channelsOf(layers) ?? spec.input.channels } };
  try {
    return checkedSpec(next);
  } catch (error) {
    if (error instanceof UserError)
      throw new UserError(`${fileName}: with these partitions ${error.message}; describe the network (--block and --config, or --model)`);
    throw error;
  }
}

function placed(layer: LayerSpec, parent: string, blocks: ReadonlyMap<string, RepBlock>): LayerSpec {
  const path = joinPath(parent, layer.name);
  const all = (layers: readonly LayerSpec[]): LayerSpec[] => layers.map((child) => placed(child, path, blocks));
  if (isRepBlock(layer)) return resized(layer, blocks.get(path));
  if (!isComposite(layer)) return layer;
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

function resized(layer: RepBlock, block: RepBlock | undefined): RepBlock {
  if (block === undefined) return layer;
  if (layer.kind === 'repmlpNetBlock') return { ...layer, h: block.h, w: block.w };
  if (block.kind !== 'repmlp') return layer;
  const { C, O, H, W, h, w, groups } = block;
  return { ...layer, C, O, H, W, h, w, groups };
}

/** Input channels where the first layer is a block: how many shapes did not always tell. */
function channelsOf([first]: readonly LayerSpec[]): number | null {
  return isRepBlock(first) ? first.C : null;
}

/** Height and width of the input that make the first block's map what it is: scaled as the map was. */
function inputSize(spec: NetworkSpec, blocks: ReadonlyMap<string, RepBlock>): { height: number; width: number } {
  const first = leavesOf(spec).find(({ layer }) => isRepBlock(layer));
  const block = first && blocks.get(first.path);
  if (!first || !block) return spec.input;
  const [, height, width] = first.input;
  const [wantedHeight, wantedWidth] = block.kind === 'repmlp' ? [block.H, block.W] : [block.h, block.w];
  return { height: (spec.input.height / height) * wantedHeight, width: (spec.input.width / width) * wantedWidth };
}
