// The diagram's tree: the spec's layers with paths, output shapes and cost, top-level layers of one
// stage put together. Invariant: every leaf of the network stands in it once.
import type { Ledger } from '../../cost/ledger';
import { compositeRecord, isComposite, layerText } from '../../model/composites';
import { isRepBlock, joinPath, type LayerSpec, type NetworkSpec } from '../../model/spec';
import { leavesOf, type FeatureShape } from '../../model/walk';
import { branchesOf } from './describe';

export interface DiagramNode {
  readonly path: string;
  readonly name: string;
  readonly text: string;
  /** The layer itself; null for a stage that is only a common name. */
  readonly layer: LayerSpec | null;
  readonly isBlock: boolean;
  readonly output: FeatureShape | null;
  readonly params: number;
  readonly macs: number;
  readonly branches: readonly { readonly label: string; readonly nodes: readonly DiagramNode[] }[];
}

/** Looks a path up in what is known about the leaves. */
interface Known {
  readonly outputs: ReadonlyMap<string, FeatureShape>;
  readonly costs: ReadonlyMap<string, { params: number; macs: number }>;
}

/** The diagram of a network whose ledger is given. */
export function diagramOf(spec: NetworkSpec, ledger: Ledger): DiagramNode[] {
  const known = { outputs: new Map(leavesOf(spec).map(({ path, output }) => [path, output])), costs: costsByPath(ledger) };
  return stagesOf(spec.layers.map((layer) => nodeOf(layer, '', known)));
}

function nodeOf(layer: LayerSpec, parent: string, known: Known): DiagramNode {
  const path = joinPath(parent, layer.name);
  const branches = branchesOf(layer).map(({ label, layers }) => ({ label, nodes: layers.map((child) => nodeOf(child, path, known)) }));
  const cost = branches.length === 0 ? (known.costs.get(path) ?? { params: 0, macs: 0 }) : sumOf(branches.flatMap(({ nodes }) => nodes));
  const output = known.outputs.get(path) ?? outputOf(branches, layer);
  return { path, name: layer.name, text: layerText(layer), layer, isBlock: isRepBlock(layer), output, ...cost, branches };
}

/** A composite's output is that of its main branch; concatenated channels and side heads are left unsaid. */
function outputOf(branches: DiagramNode['branches'], layer: LayerSpec): FeatureShape | null {
  const isShaped = isComposite(layer) && compositeRecord(layer).isShapedByFirst;
  return isShaped ? (branches[0]?.nodes.at(-1)?.output ?? null) : null;
}

/** Sums a ledger's rows over the layers they belong to. */
function costsByPath(ledger: Ledger): Map<string, { params: number; macs: number }> {
  const costs = new Map<string, { params: number; macs: number }>();
  for (const { layer, params, macs } of ledger.layers) {
    const before = costs.get(layer) ?? { params: 0, macs: 0 };
    costs.set(layer, { params: before.params + params, macs: before.macs + macs });
  }
  return costs;
}

function sumOf(nodes: readonly DiagramNode[]): { params: number; macs: number } {
  return nodes.reduce((sum, node) => ({ params: sum.params + node.params, macs: sum.macs + node.macs }), { params: 0, macs: 0 });
}

/** Puts neighbours called `stage1.x`, `stage1.y` into one node `stage1`. */
function stagesOf(nodes: readonly DiagramNode[]): DiagramNode[] {
  const groups: DiagramNode[][] = [];
  for (const node of nodes) {
    const last = groups.at(-1);
    if (last && node.name.includes('.') && stageName(last[0]) === stageName(node)) last.push(node);
    else groups.push([node]);
  }
  return groups.map((members) => (members.length === 1 ? members[0] : stageOf(members)));
}

function stageOf(members: readonly DiagramNode[]): DiagramNode {
  const name = commonName(members.map((node) => node.name.split('.')));
  const nodes = members.map((node) => ({ ...node, name: node.name.slice(name.length + 1) }));
  const output = members[members.length - 1].output;
  return {
    path: name,
    name,
    text: `${members.length} layers`,
    layer: null,
    isBlock: false,
    output,
    ...sumOf(members),
    branches: [{ label: '', nodes }],
  };
}

/** The dotted name that all begin with, their own last part left out: `stages.0` of `stages.0.0` and `stages.0.1`. */
function commonName([first, ...others]: readonly (readonly string[])[]): string {
  const differs = first.slice(0, -1).findIndex((part, index) => others.some((parts) => parts[index] !== part));
  return first.slice(0, differs < 0 ? -1 : differs).join('.');
}

function stageName(node: DiagramNode): string {
  return node.name.split('.')[0];
}

/** Number of leaves below a node. */
export function leafCount(node: DiagramNode): number {
  return node.branches.length === 0
    ? 1
    : node.branches.reduce((sum, { nodes }) => sum + nodes.reduce((inner, child) => inner + leafCount(child), 0), 0);
}

/** Number of RepMLP blocks at or below a node. */
export function blockCount(node: DiagramNode): number {
  const below = node.branches.reduce((sum, { nodes }) => sum + nodes.reduce((inner, child) => inner + blockCount(child), 0), 0);
  return below + (node.isBlock ? 1 : 0);
}
