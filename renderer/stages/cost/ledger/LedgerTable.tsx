// The ledger as a table: groups that open to their operations, train form, merged form, difference.
// Rows are drawn only where they are seen, so that a network of hundreds of operations opens at once.
import { useVirtualizer } from '@tanstack/react-virtual';
import { Fragment, useMemo, useRef, type ReactNode } from 'react';
import { z } from 'zod';
import { totalOf, type CostGroup } from '@shared/cost/cost-groups';
import type { DifferenceRow } from '@shared/cost/difference';
import { groupName, type CostMeasure } from '@shared/cost/grouping';
import type { LedgerRow } from '@shared/cost/ledger';
import type { Form } from '@shared/model/spec';
import { bytesText, exact, measured, signed } from '../../../ui/format';
import { remPixels } from '../../../ui/rem';
import { Chevron } from '../../../studio/icons';
import { useLook } from '../../../studio/looks';
import { Panel } from '../../../studio/Stage';
import type { ShownFormula } from './FormulaPanel';
import { ledgerLines, MEASURES, type LedgerLine } from './rows';

/** As in cost.css, in root ems. */
const ROW_HEIGHT = 1.625;

const NONE: readonly string[] = [];
const OPEN_GROUPS = { stage: 'cost', name: 'open-groups', schema: z.array(z.string()).readonly(), first: NONE } as const;
const ALL_COLUMNS = { stage: 'cost', name: 'all-columns', schema: z.boolean(), first: false as boolean } as const;

interface Props {
  readonly groups: readonly CostGroup[];
  readonly unit: 'macs' | 'flops';
  readonly formula: ShownFormula | null;
  readonly onFormula: (formula: ShownFormula) => void;
}

export function LedgerTable({ groups, unit, formula, onFormula }: Props) {
  const [names, setNames] = useLook(OPEN_GROUPS);
  const open = useMemo(() => new Set(names), [names]);
  const lines = useMemo(() => ledgerLines(groups, open), [groups, open]);
  const toggle = (name: string) => setNames(open.has(name) ? names.filter((one) => one !== name) : [...names, name]);
  const all = groups.every(({ name }) => open.has(name));
  const [wide, setWide] = useLook(ALL_COLUMNS);
  const tools = (
    <>
      <button
        type="button"
        className="button quiet"
        aria-pressed={wide}
        data-testid="ledger-all-columns"
        title="Kinds, output shapes, bytes moved and FLOPs per byte, too"
        onClick={() => setWide(!wide)}
      >
        {wide ? 'Fewer columns' : 'All columns'}
      </button>
      <button
        type="button"
        className="button quiet"
        data-testid="ledger-open-all"
        onClick={() => setNames(all ? NONE : groups.map(({ name }) => name))}
      >
        {all ? 'Close all' : 'Open all'}
      </button>
    </>
  );
  return (
    <Panel title="Ledger" says="at batch 1; difference is merged minus train" tools={tools} bare>
      <Lines
        wide={wide}
        head={<LedgerHead unit={unit === 'macs' ? 'MACs' : 'FLOPs'} />}
        lines={lines}
        total={<GroupLine group={totalOf(groups)} />}
        formula={formula}
        onFormula={onFormula}
        onToggle={toggle}
      />
    </Panel>
  );
}

function LedgerHead({ unit }: { readonly unit: string }) {
  return (
    <div className="ledger-line head" role="row">
      <span role="columnheader">Layer</span>
      <span className="more-column" role="columnheader">
        Kind
      </span>
      <span className="more-column" role="columnheader">
        Output
      </span>
      {['Params', unit, 'Bytes'].flatMap((name) =>
        [`${name}, train`, 'merged', 'difference'].map((title) => (
          <span
            key={`${name} ${title}`}
            className={`number ${name === 'Bytes' ? 'more-column' : ''} ${title === 'difference' ? title : ''}`}
            role="columnheader"
          >
            {title}
          </span>
        )),
      )}
      {['FLOPs/byte, train', 'merged'].map((title) => (
        <span key={title} className="number more-column" role="columnheader">
          {title}
        </span>
      ))}
    </div>
  );
}

interface LineProps extends Pick<Props, 'formula' | 'onFormula'> {
  readonly onToggle: (name: string) => void;
}

interface LinesProps extends LineProps {
  /** Whether the columns are shown that most people do not look for. */
  readonly wide: boolean;
  /** Stays in sight above the lines. */
  readonly head: ReactNode;
  readonly lines: readonly LedgerLine[];
  /** Stays in sight below them. */
  readonly total: ReactNode;
}

function Lines({ wide, head, lines, total, ...line }: LinesProps) {
  const frame = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count: lines.length,
    getScrollElement: () => frame.current,
    estimateSize: () => remPixels(ROW_HEIGHT),
    overscan: 10,
  });
  return (
    <div ref={frame} className={wide ? 'ledger wide-ledger' : 'ledger'} tabIndex={0} role="table" aria-label="Ledger" data-testid="ledger">
      {head}
      <div className="ledger-lines" role="rowgroup" style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map(({ index, start }) => (
          <div
            key={index}
            ref={list.measureElement}
            data-index={index}
            className="ledger-place"
            style={{ transform: `translateY(${start}px)` }}
          >
            <Line line={lines[index]} {...line} />
          </div>
        ))}
      </div>
      {total}
    </div>
  );
}

function Line({ line, formula, onFormula, onToggle }: LineProps & { readonly line: LedgerLine }) {
  if (line.kind === 'operation') return <OperationLine row={line.row} formula={formula} onFormula={onFormula} />;
  return <GroupLine group={line.group} open={line.open} onToggle={() => onToggle(line.group.name)} />;
}

const FORMATS: Readonly<Record<CostMeasure, (value: number) => string>> = { params: exact, operations: exact, bytes: bytesText };

interface GroupProps {
  readonly group: CostGroup;
  readonly open?: boolean;
  readonly onToggle?: () => void;
}

/** A group's sums; without `onToggle`, the totals. */
function GroupLine({ group, open = false, onToggle }: GroupProps) {
  const name = onToggle ? (
    <button type="button" className="group-button" aria-expanded={open} onClick={onToggle}>
      <Chevron open={open} /> {group.name}
    </button>
  ) : (
    group.name
  );
  const count = onToggle && `${group.rows.length} ${group.rows.length === 1 ? 'row' : 'rows'}`;
  return (
    <div className={onToggle ? 'ledger-line group' : 'ledger-line group total'} role="row">
      <span role="cell">{name}</span>
      <span className="more-column" role="cell">
        {count}
      </span>
      <span className="more-column" role="cell" />
      {MEASURES.map((measure) => (
        <Triple
          key={measure}
          measure={measure}
          train={FORMATS[measure](group.train[measure])}
          merged={FORMATS[measure](group.merged[measure])}
          difference={group.merged[measure] - group.train[measure]}
        />
      ))}
      <Intensities train={group.train} merged={group.merged} />
    </div>
  );
}

function OperationLine({ row, formula, onFormula }: Pick<Props, 'formula' | 'onFormula'> & { readonly row: DifferenceRow }) {
  const some = row.train ?? row.merged;
  const cell = (form: Form, measure: CostMeasure) => (
    <CountCell own={row[form]} form={form} measure={measure} formula={formula} onFormula={onFormula} />
  );
  return (
    <div className="ledger-line" role="row">
      <span className="mono" role="cell" title={row.name}>
        {nameWithin(row)}
      </span>
      <span className="more-column" role="cell">
        {some?.kind}
      </span>
      <span className="more-column" role="cell">
        {some?.outputShape.join('×')}
      </span>
      {MEASURES.map((measure) => (
        <Triple
          key={measure}
          measure={measure}
          train={cell('train', measure)}
          merged={cell('merged', measure)}
          difference={(row.merged?.[measure] ?? 0) - (row.train?.[measure] ?? 0)}
        />
      ))}
      <Intensities train={row.train} merged={row.merged} />
    </div>
  );
}

/** An operation's name without that of its block, which stands above it; the whole name is its title. */
function nameWithin({ name, layer }: DifferenceRow): string {
  const block = `${groupName(layer, 'block')}.`;
  return name.startsWith(block) ? `…${name.slice(block.length - 1)}` : name;
}

interface TripleProps {
  readonly measure: CostMeasure;
  readonly train: ReactNode;
  readonly merged: ReactNode;
  readonly difference: number;
}

/** Train form, merged form and their difference in one measure. */
function Triple({ measure, train, merged, difference }: TripleProps) {
  const tone = difference < 0 ? 'less' : difference > 0 ? 'more' : 'gone';
  const number = measure === 'bytes' ? 'number more-column' : 'number';
  return (
    <Fragment>
      <span className={number} role="cell">
        {train}
      </span>
      <span className={number} role="cell">
        {merged}
      </span>
      <span className={`${number} difference ${tone}`} role="cell">
        {signed(difference, FORMATS[measure])}
      </span>
    </Fragment>
  );
}

type WithIntensity = Pick<LedgerRow, 'intensity'> | null;

/** Arithmetic intensity of both forms: FLOPs per byte moved. */
function Intensities({ train, merged }: { readonly train: WithIntensity; readonly merged: WithIntensity }) {
  return [train, merged].map((form, index) => (
    <span key={index} className={form ? 'number more-column' : 'number gone more-column'} role="cell">
      {form ? measured(form.intensity) : '–'}
    </span>
  ));
}

interface CountProps extends Pick<Props, 'formula' | 'onFormula'> {
  readonly own: LedgerRow | null;
  readonly form: Form;
  readonly measure: CostMeasure;
}

/** A number that shows its formula when clicked. */
function CountCell({ own, form, measure, formula, onFormula }: CountProps) {
  if (!own) return <span className="gone">–</span>;
  const pressed = formula !== null && formula.row === own && formula.form === form && formula.what === measure;
  return (
    <button
      type="button"
      className="cell-button"
      aria-pressed={pressed}
      title="Show the formula"
      onClick={() => onFormula({ row: own, form, what: measure })}
    >
      {FORMATS[measure](own[measure])}
    </button>
  );
}
