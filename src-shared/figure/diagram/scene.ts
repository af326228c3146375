// What of a network's diagram is seen: which boxes are open, and what stands in an open one. The window and the figure both draw
// this: a box that is open there is open on paper, too.
import type { LayerSpec } from '../../model/spec';
import { isRepBlock } from '../../model/spec';
import { flowOf, type Flow } from './block-flow';
import { leafCount, type DiagramNode } from './tree';

/** What stands in an open box: the way through a block, branches that come together, or layers one after the other. */
export type Inside =
  | { readonly kind: 'flow'; readonly flow: readonly Flow[] }
  | { readonly kind: 'fork'; readonly join: string; readonly branches: DiagramNode['branches'] }
  | { readonly kind: 'rows'; readonly branches: DiagramNode['branches'] };

/** Networks up to this many leaves are shown open. */
const OPEN_LEAVES = 60;

export function insideOf({ layer, branches }: DiagramNode): Inside {
  if (layer && isRepBlock(layer)) return { kind: 'flow', flow: flowOf(layer) };
  const join = layer && joinOf(layer);
  return join ? { kind: 'fork', join, branches } : { kind: 'rows', branches };
}

/** Whether there is something in a box to be seen. */
export function opens({ branches, isBlock }: DiagramNode): boolean {
  return branches.length > 0 || isBlock;
}

/** Which boxes are open before any is opened or closed: of a small network all, and of its blocks the first. */
export function openAtFirst(nodes: readonly DiagramNode[]): (node: DiagramNode) => boolean {
  const isSmall = nodes.reduce((sum, node) => sum + leafCount(node), 0) <= OPEN_LEAVES;
  const first = isSmall ? firstBlock(nodes) : null;
  return (node) => isSmall && opens(node) && (!node.isBlock || node.path === first);
}

/** The path of the first block; null where there is none. */
function firstBlock(nodes: readonly DiagramNode[]): string | null {
  for (const node of nodes) {
    const found = node.isBlock ? node.path : firstBlock(node.branches.flatMap((branch) => branch.nodes));
    if (found !== null) return found;
  }
  return null;
}

/** Paths of the open boxes that are seen, in order: none of those in a closed one. */
export function openPaths(nodes: readonly DiagramNode[], isOpen: (node: DiagramNode) => boolean): string[] {
  return nodes.flatMap((node) =>
    opens(node) && isOpen(node)
      ? [
          node.path,
          ...openPaths(
            node.branches.flatMap((branch) => branch.nodes),
            isOpen,
          ),
        ]
      : [],
  );
}

/** How the branches of a layer come together; null where it has no parallel ones. */
function joinOf(layer: LayerSpec): string | null {
  if (layer.kind === 'residual') return layer.activation === 'none' ? '+' : `+ ${layer.activation}`;
  return layer.kind === 'concat' ? 'concatenate' : null;
}
