// The whole ledger as an icicle: network, stages, blocks, operations from left to right, height in
// proportion to cost, both forms on one scale, so that what the merge saves is seen as area.
import { useMemo, useState } from 'react';
import type { CostMeasure } from '@shared/cost/grouping';
import type { Ledger } from '@shared/cost/ledger';
import { costTree, type CostNode } from '@shared/figure/cost-icicle';
import type { BothForms } from '../../state/forms';
import { Segments } from '../../ui/controls';
import { short } from '../../ui/format';
import { Panel } from '../../ui/Stage';
import type { ShownFormula } from './FormulaPanel';

/** Left edge of network, stages, blocks, operations, and the right edge of all, in the drawing's units. */
const EDGES = [0, 14, 170, 330, 500];
const HEIGHT = 420;
/** A box lower than this carries no name. */
const LOWEST_NAME = 11;

interface Props {
  readonly forms: BothForms;
  readonly onFormula: (formula: ShownFormula) => void;
}

export function Icicle({ forms, onFormula }: Props) {
  const [metric, setMetric] = useState<CostMeasure>('operations');
  const trees = useMemo(
    () => [forms.trainLedger, forms.mergedLedger].map((ledger) => ({ ledger, tree: costTree(ledger, metric) })),
    [forms, metric],
  );
  const largest = Math.max(1, ...trees.map(({ tree }) => tree.value));
  const tools = (
    <Segments
      label="Measure"
      value={metric}
      onChange={setMetric}
      testId="icicle-metric"
      options={[
        ['operations', forms.trainLedger.rules.unit === 'macs' ? 'MACs' : 'FLOPs'],
        ['params', 'Parameters'],
        ['bytes', 'Bytes moved'],
      ]}
    />
  );
  return (
    <Panel title="Icicle" says="network, stages, blocks, operations; height is cost; click an operation for its formula" tools={tools}>
      <div className="icicles" data-testid="icicle">
        {trees.map(({ ledger, tree }) => (
          <figure key={ledger.form}>
            <figcaption className={`tag ${ledger.form}`}>{`${ledger.form} form, ${short(tree.value)}`}</figcaption>
            <svg viewBox={`0 0 ${EDGES[4]} ${HEIGHT}`} role="img" aria-label={`Cost of the ${ledger.form} form`}>
              {boxesOf(tree, 0, 0, (HEIGHT * tree.value) / largest).map((box) => (
                <IcicleBox key={`${box.level} ${box.node.name} ${box.y}`} box={box} onClick={clickOf(box, ledger, metric, onFormula)} />
              ))}
            </svg>
          </figure>
        ))}
      </div>
    </Panel>
  );
}

interface Box {
  readonly node: CostNode;
  readonly level: number;
  readonly y: number;
  readonly height: number;
}

/** The boxes of a node and of all its parts, those that would be thinner than a hair left out. */
function boxesOf(node: CostNode, level: number, y: number, height: number): Box[] {
  if (height < 0.2) return [];
  let top = y;
  const parts = node.children.flatMap((child) => {
    const own = (height * child.value) / node.value;
    const boxes = boxesOf(child, level + 1, top, own);
    top += own;
    return boxes;
  });
  return [{ node, level, y, height }, ...parts];
}

function clickOf({ node, level }: Box, ledger: Ledger, metric: CostMeasure, onFormula: Props['onFormula']): (() => void) | null {
  const row = level === 3 ? ledger.layers.find(({ name }) => name === node.name) : undefined;
  return row ? () => onFormula({ row, form: ledger.form, what: metric }) : null;
}

function IcicleBox({ box: { node, level, y, height }, onClick }: { readonly box: Box; readonly onClick: (() => void) | null }) {
  const width = EDGES[level + 1] - EDGES[level];
  const label = level > 0 && height >= LOWEST_NAME ? labelOf(node, width) : '';
  return (
    <g className={onClick ? 'icicle-box operation' : 'icicle-box'} onClick={onClick ?? undefined}>
      <rect x={EDGES[level]} y={y} width={width} height={height} className={`level${level}`} />
      {label && (
        <text x={EDGES[level] + 4} y={y + Math.min(height / 2, 12) + 3.5}>
          {label}
        </text>
      )}
      <title>{`${node.name}: ${short(node.value)}`}</title>
    </g>
  );
}

/** Name and number in about as many letters as fit; the name loses its beginning, never the number. */
function labelOf({ name, value }: CostNode, width: number): string {
  const number = short(value);
  const room = Math.floor((width - 8) / 5.4) - number.length - 1;
  return room < 3 ? number : `${name.length > room ? `…${name.slice(name.length - room + 1)}` : name} ${number}`;
}
