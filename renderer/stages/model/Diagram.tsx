// The network as boxes in execution order, arrows from each to the next, top to bottom; branches leave one point and come
// together in another. RepMLP blocks are marked and can be opened to see what they are made of.
import { createContext, useContext, useMemo, type ReactNode } from 'react';
import { useStore } from 'zustand';
import { z } from 'zod';
import { short } from '../../ui/format';
import { Chevron } from '../../studio/icons';
import { lookAt, useLook } from '../../studio/looks';
import { network } from '../../studio/network/network';
import { assertNever } from '@shared/base/assert-never';
import { mapText } from '@shared/figure/diagram/describe';
import { insideOf, openAtFirst, openPaths, opens } from '@shared/figure/diagram/scene';
import { blockCount, type DiagramNode } from '@shared/figure/diagram/tree';
import './diagram.css';
import { FlowLines, ForkLines } from './FlowLines';

export function Diagram({ nodes, input }: { readonly nodes: readonly DiagramNode[]; readonly input: string }) {
  const first = useMemo(() => openAtFirst(nodes), [nodes]);
  return (
    <div className="diagram flow" role="group" aria-label="Layers of the network" data-testid="diagram">
      <p className="diagram-end">{`input ${input}`}</p>
      <OpenAtFirst.Provider value={first}>
        <Nodes nodes={nodes} />
      </OpenAtFirst.Provider>
      <p className="diagram-end">output</p>
    </div>
  );
}

/** Which boxes are open before any is opened or closed. */
const OpenAtFirst = createContext<(node: DiagramNode) => boolean>(() => false);

/** Paths of the boxes of a network that are open now. */
export function openBoxes(nodes: readonly DiagramNode[], about: string): string[] {
  const first = openAtFirst(nodes);
  return openPaths(nodes, (node) => lookAt(boxLook(node, first(node), about)));
}

function Nodes({ nodes }: { readonly nodes: readonly DiagramNode[] }) {
  return nodes.map((node, index) => <Box key={`${index}:${node.path}`} node={node} />);
}

const OPEN = { stage: 'model', schema: z.boolean() } as const;

/** Whether a box is open, as it is kept. */
function boxLook({ path }: DiagramNode, first: boolean, about: string) {
  return { ...OPEN, name: `open ${path}`, first, about };
}

function Box({ node }: { readonly node: DiagramNode }) {
  const first = useContext(OpenAtFirst);
  const about = useStore(network, ({ spec }) => spec?.name ?? '');
  const [open, setOpen] = useLook(boxLook(node, first(node), about));
  const className = ['box', node.isBlock && 'rep', node.layer === null && 'stage-box', node.layer?.kind === 'sideHead' && 'side']
    .filter(Boolean)
    .join(' ');
  return (
    <div className={className} data-path={node.path}>
      {opens(node) ? (
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
      {open && opens(node) && <Inside node={node} />}
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

function Inside({ node }: { readonly node: DiagramNode }) {
  const inside = insideOf(node);
  switch (inside.kind) {
    case 'flow':
      return (
        <div className="box-inside" data-testid="block-parts">
          <FlowLines flow={inside.flow} />
        </div>
      );
    case 'fork':
      return (
        <div className="box-inside">
          <ForkLines
            join={inside.join}
            branches={inside.branches.map(({ label, nodes }) => ({ label, inside: nodes.length > 0 && <Nodes nodes={nodes} /> }))}
          />
        </div>
      );
    case 'rows':
      return (
        <div className="box-inside">
          {inside.branches.map(({ nodes }, index) => (
            <div key={index} className="flow">
              <Nodes nodes={nodes} />
            </div>
          ))}
        </div>
      );
    default:
      return assertNever(inside);
  }
}
