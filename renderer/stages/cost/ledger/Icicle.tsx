// The whole ledger as an icicle: network, stages, blocks, operations from left to right, height in
// proportion to cost, both forms on one scale, so that what the merge saves is seen as area.
import { largestOf } from '@shared/base/extremes';
import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useLook } from '../../../studio/looks';
import type { CostMeasure } from '@shared/cost/grouping';
import type { Ledger, LedgerRow } from '@shared/cost/ledger';
import { costBoxes, costTree, type CostBox, type CostNode } from '@shared/cost/cost-tree';
import type { BothForms } from '@shared/cost/both-forms';
import { Segments } from '../../../ui/controls';
import { exact, short } from '../../../ui/format';
import { TableBehind } from '../../../ui/TableBehind';
import { Panel } from '../../../studio/Stage';
import type { ShownFormula } from './FormulaPanel';
import { boxBeside, boxesOf, OPERATION } from './icicle-boxes';
import { useMatrixLink, type MatrixLink } from '../matrix-link';
import { pressable } from '../press';
import { askForFigure } from '../../../studio/asked-figure';
import { cost, MEASURE_LOOK } from '../cost';

/** Left edge of network, stages, blocks, operations, and the right edge of all, in the drawing's units. */
const EDGES = [0, 14, 170, 330, 500];
const HEIGHT = 420;
/** A box lower than this carries no name. */
const LOWEST_NAME = 11;

const HINT =
  'network, stages, blocks, operations; height is cost. Click or Enter shows the formula of an operation, with Shift the matrices of any box; arrow keys walk';

/** The figure of the icicle as it is shown. */
function askForIcicle(metric: CostMeasure): void {
  const { convention } = cost.getState();
  askForFigure({ kind: 'cost-bars', change: { chart: 'icicle', metric: metric === 'operations' ? 'macs' : metric, convention } });
}

interface Props {
  readonly forms: BothForms;
  readonly onFormula: (formula: ShownFormula) => void;
}

export function Icicle({ forms, onFormula }: Props) {
  const [metric, setMetric] = useLook({ ...MEASURE_LOOK, name: 'icicle' });
  const trees = useMemo(
    () => [forms.trainLedger, forms.mergedLedger].map((ledger) => ({ ledger, tree: costTree(ledger, metric) })),
    [forms, metric],
  );
  const linkTo = useMatrixLink();
  const largest = largestOf(
    trees.map(({ tree }) => tree.value),
    1,
  );
  const tools = (
    <>
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
      <button type="button" className="button" data-testid="figure-of-icicle" onClick={() => askForIcicle(metric)}>
        Save figure
      </button>
    </>
  );
  return (
    <Panel title="Icicle" says={HINT} tools={tools}>
      <div className="icicles" data-testid="icicle">
        {trees.map(({ ledger, tree }) => (
          <FormIcicle
            key={ledger.form}
            ledger={ledger}
            tree={tree}
            largest={largest}
            linkTo={linkTo}
            onOperation={(row) => onFormula({ row, form: ledger.form, what: metric })}
          />
        ))}
      </div>
    </Panel>
  );
}

interface FormProps {
  readonly ledger: Ledger;
  readonly tree: CostNode;
  /** Cost that takes the whole height. */
  readonly largest: number;
  readonly linkTo: (rows: readonly LedgerRow[]) => MatrixLink;
  /** Shows the formula of an operation. */
  readonly onOperation: (row: LedgerRow) => void;
}

/** One form: its boxes are one stop of the tab key, and the arrow keys walk between them. */
function FormIcicle({ ledger, tree, largest, linkTo, onOperation }: FormProps) {
  const frame = useRef<SVGSVGElement>(null);
  const [chosen, setChosen] = useState(0);
  const boxes = useMemo(() => boxesOf(tree, (HEIGHT * tree.value) / largest), [tree, largest]);
  const at = Math.min(chosen, boxes.length - 1);
  const walk = (event: KeyboardEvent) => {
    const next = boxBeside(boxes, at, event.key);
    if (event.key.startsWith('Arrow')) event.preventDefault();
    if (next !== at) (frame.current?.children[next] as SVGGElement | undefined)?.focus();
  };
  const press = ({ node, level }: CostBox, withShift: boolean) => {
    if (withShift) linkTo(node.rows).show?.();
    else if (level === OPERATION) onOperation(node.rows[0]);
  };
  return (
    <figure>
      <figcaption className={`tag ${ledger.form}`}>{`${ledger.form} form, ${short(tree.value)}`}</figcaption>
      <svg
        ref={frame}
        viewBox={`0 0 ${EDGES[4]} ${HEIGHT}`}
        role="group"
        aria-label={`Cost of the ${ledger.form} form`}
        onKeyDown={walk}
        data-testid={`icicle-${ledger.form}`}
      >
        {boxes.map((box, index) => (
          <IcicleBox
            key={`${box.level} ${box.node.name} ${box.y}`}
            box={box}
            current={index === at}
            onFocus={() => setChosen(index)}
            onPress={(withShift) => press(box, withShift)}
          />
        ))}
        {boxes.length > 0 && <rect className="icicle-mark" {...edgesOf(boxes[at])} />}
      </svg>
      {boxes.length > 0 && <ChosenBox node={boxes[at].node} link={linkTo(boxes[at].node.rows)} testId={`icicle-at-${ledger.form}`} />}
      <TableBehind what={`Cost of the ${ledger.form} form`}>{() => <BoxRows boxes={costBoxes(tree, 1)} />}</TableBehind>
    </figure>
  );
}

interface ChosenProps {
  readonly node: CostNode;
  readonly link: MatrixLink;
  readonly testId: string;
}

/** The box the keys are at, and where it leads. */
function ChosenBox({ node, link: { says, show }, testId }: ChosenProps) {
  return (
    <p className="icicle-chosen" aria-live="polite" data-testid={testId}>
      <span className="mono">{`${node.name}: ${short(node.value)}`}</span>
      {show ? (
        <button type="button" className="group-button" title="Show it in the matrices" onClick={show}>
          {says}
        </button>
      ) : (
        <span className="faint">{says}</span>
      )}
    </p>
  );
}

const LEVELS = ['network', 'stage', 'block', 'operation'];

/** Every part, the smallest too, which are not drawn. */
function BoxRows({ boxes }: { readonly boxes: readonly CostBox[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Part</th>
          <th scope="col">Is a</th>
          <th scope="col">Cost</th>
        </tr>
      </thead>
      <tbody>
        {boxes.map(({ node, level }, at) => (
          <tr key={at}>
            <th scope="row">{node.name}</th>
            <td>{LEVELS[level]}</td>
            <td>{exact(node.value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function edgesOf({ level, y, height }: CostBox) {
  return { x: EDGES[level], y, width: EDGES[level + 1] - EDGES[level], height };
}

interface BoxProps {
  readonly box: CostBox;
  /** Whether the tab key stops here. */
  readonly current: boolean;
  readonly onFocus: () => void;
  readonly onPress: (withShift: boolean) => void;
}

function IcicleBox({ box, current, onFocus, onPress }: BoxProps) {
  const { node, level, y, height } = box;
  const { width } = edgesOf(box);
  const label = level > 0 && height >= LOWEST_NAME ? labelOf(node, width) : '';
  const what = `${node.name}: ${short(node.value)}`;
  return (
    <g
      {...pressable(onPress)}
      className={level === OPERATION ? 'icicle-box operation' : 'icicle-box'}
      tabIndex={current ? 0 : -1}
      aria-label={what}
      onFocus={onFocus}
    >
      <rect {...edgesOf(box)} className={`level${level}`} />
      {label && (
        <text x={EDGES[level] + 4} y={y + Math.min(height / 2, 12) + 3.5}>
          {label}
        </text>
      )}
      <title>{what}</title>
    </g>
  );
}

/** Name and number in about as many letters as fit; the name loses its beginning, never the number. */
function labelOf({ name, value }: CostNode, width: number): string {
  const number = short(value);
  const room = Math.floor((width - 8) / 5.4) - number.length - 1;
  return room < 3 ? number : `${name.length > room ? `…${name.slice(name.length - room + 1)}` : name} ${number}`;
}
