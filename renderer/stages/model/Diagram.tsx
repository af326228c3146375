// The network as boxes in execution order, arrows from each to the next, top to bottom; branches leave one point and come
// together in another. RepMLP blocks are marked and can be opened to see what they are made of.
import { createContext, useContext, type ReactNode } from 'react';
import { useStore } from 'zustand';
import { z } from 'zod';
import { short } from '../../ui/format';
import { Chevron } from '../../studio/icons';
import { useLook } from '../../studio/looks';
import { network } from '../../studio/network/network';
import { mapText } from './describe';
import { blockCount, leafCount, type DiagramNode } from './tree';
import './diagram.css';
import { isRepBlock, type LayerSpec } from '@shared/model/spec';
import { flowOf } from './block-flow';
import { FlowLines, ForkLines } from './FlowLines';

/** Networks up to this many leaves are shown open. */
const OPEN_LEAVES = 60;

export function Diagram({ nodes, input }: { readonly nodes: readonly DiagramNode[]; readonly input: string }) {
  const open = nodes.reduce((sum, node) => sum + leafCount(node), 0) <= OPEN_LEAVES;
  const first = open ? firstBlock(nodes) : null;
  return (
    <div className="diagram flow" role="group" aria-label="Layers of the network" data-testid="diagram">
      <p className="diagram-end">{`input ${input}`}</p>
      <FirstBlock.Provider value={first}>
        <Nodes nodes={nodes} open={open} />
      </FirstBlock.Provider>
      <p className="diagram-end">output</p>
    </div>
  );
}

/** The path of the block that is open from the start, so that its branches are seen; null where none is. */
const FirstBlock = createContext<string | null>(null);

function firstBlock(nodes: readonly DiagramNode[]): string | null {
  for (const node of nodes) {
    const found = node.isBlock ? node.path : firstBlock(node.branches.flatMap((branch) => branch.nodes));
    if (found !== null) return found;
  }
  return null;
}

function Nodes({ nodes, open }: { readonly nodes: readonly DiagramNode[]; readonly open: boolean }) {
  return nodes.map((node, index) => <Box key={`${index}:${node.path}`} node={node} startsOpen={open} />);
}

const OPEN = { stage: 'model', schema: z.boolean() } as const;

function Box({ node, startsOpen }: { readonly node: DiagramNode; readonly startsOpen: boolean }) {
  const first = useContext(FirstBlock);
  const [open, setOpen] = useLook({
    ...OPEN,
    name: `open ${node.path}`,
    first: startsOpen && (!node.isBlock || node.path === first),
    about: useStore(network, ({ spec }) => spec?.name ?? ''),
  });
  const opens = node.branches.length > 0 || node.isBlock;
  const className = ['box', node.isBlock && 'rep', node.layer === null && 'stage-box', node.layer?.kind === 'sideHead' && 'side']
    .filter(Boolean)
    .join(' ');
  return (
    <div className={className} data-path={node.path}>
      {opens ? (
        <button
          type="button"
          className="box-head"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          data-testid={node.isBlock ? 'diagram-block' : undefined}
        >
          <HeadCells node={node} mark={<Chevron open={open} />} />
        </button>
      ) : (
        <div className="box-head">
          <HeadCells node={node} mark={null} />
        </div>
      )}
      {open && opens && <Inside node={node} startsOpen={startsOpen} />}
    </div>
  );
}

function HeadCells({ node, mark }: { readonly node: DiagramNode; readonly mark: ReactNode }) {
  const blocks = node.isBlock ? 0 : blockCount(node);
  return (
    <>
      <span className="box-mark">{mark}</span>
      <span className="box-name">{node.name || node.layer?.kind}</span>
      <span className="box-text">
        {node.text}
        {blocks > 0 && <span className="tag rep-tag">{`${blocks} RepMLP`}</span>}
      </span>
      <span className="box-cost">{node.params > 0 && `${short(node.params)} params`}</span>
      <span className="box-cost">{node.macs > 0 && `${short(node.macs)} MACs`}</span>
      <span className="box-shape">{node.output && mapText(node.output)}</span>
    </>
  );
}

function Inside({ node, startsOpen }: { readonly node: DiagramNode; readonly startsOpen: boolean }) {
  const { layer, branches } = node;
  if (layer && isRepBlock(layer))
    return (
      <div className="box-inside" data-testid="block-parts">
        <FlowLines flow={flowOf(layer)} />
      </div>
    );
  const join = layer && joinOf(layer);
  if (join)
    return (
      <div className="box-inside">
        <ForkLines
          join={join}
          branches={branches.map(({ label, nodes }) => ({
            label,
            inside: nodes.length > 0 && <Nodes nodes={nodes} open={startsOpen} />,
          }))}
        />
      </div>
    );
  return (
    <div className="box-inside">
      {branches.map(({ nodes }, index) => (
        <div key={index} className="flow">
          <Nodes nodes={nodes} open={startsOpen} />
        </div>
      ))}
    </div>
  );
}

/** How the branches of a layer come together; null where it has no parallel ones. */
function joinOf(layer: LayerSpec): string | null {
  if (layer.kind === 'residual') return layer.activation === 'none' ? '+' : `+ ${layer.activation}`;
  return layer.kind === 'concat' ? 'concatenate' : null;
}
