// The network as nested boxes in execution order, top to bottom; parallel branches stand side by side,
// RepMLP blocks are marked and can be opened to see what they are made of.
import { useState, type ReactNode } from 'react';
import { short } from '../../ui/format';
import { Chevron } from '../../studio/icons';
import { mapText } from './describe';
import { blockCount, leafCount, type DiagramNode } from './tree';
import './diagram.css';
import type { RepBlock } from '@shared/model/spec';
import { partsOf, type BlockPart } from './parts';

/** Networks up to this many leaves are shown open. */
const OPEN_LEAVES = 60;

export function Diagram({ nodes, input }: { readonly nodes: readonly DiagramNode[]; readonly input: string }) {
  const open = nodes.reduce((sum, node) => sum + leafCount(node), 0) <= OPEN_LEAVES;
  return (
    <div className="diagram" role="group" aria-label="Layers of the network" data-testid="diagram">
      <p className="diagram-end">{`input ${input}`}</p>
      <Nodes nodes={nodes} open={open} />
    </div>
  );
}

function Nodes({ nodes, open }: { readonly nodes: readonly DiagramNode[]; readonly open: boolean }) {
  return nodes.map((node, index) => <Box key={`${index}:${node.path}`} node={node} startsOpen={open} />);
}

function Box({ node, startsOpen }: { readonly node: DiagramNode; readonly startsOpen: boolean }) {
  const [open, setOpen] = useState(startsOpen && !node.isBlock);
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
  if (node.layer && (node.layer.kind === 'repmlp' || node.layer.kind === 'repmlpNetBlock')) return <BlockParts block={node.layer} />;
  return (
    <div className={node.branches.length > 1 ? 'box-branches' : 'box-inside'}>
      {node.branches.map(({ label, nodes }, index) => (
        <div key={index} className="branch">
          {label && <p className="branch-label">{label}</p>}
          <Nodes nodes={nodes} open={startsOpen} />
        </div>
      ))}
    </div>
  );
}

/** A RepMLP block from inside, as in figure 1 of the paper: Global, Partition and Local Perceptron in train form; what is left of them after merging. */
function BlockParts({ block }: { readonly block: RepBlock }) {
  return (
    <div className="box-branches parts" data-testid="block-parts">
      {partsOf(block).map((part) => (
        <Part key={part.title} part={part} />
      ))}
    </div>
  );
}

function Part({ part }: { readonly part: BlockPart }) {
  return (
    <div className="branch">
      <p className="branch-label">{part.title}</p>
      {part.steps.map((step) => (
        <div key={step} className="box part-step">
          {step}
        </div>
      ))}
      <p className="faint">{part.says}</p>
    </div>
  );
}
