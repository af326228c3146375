// The ledger as a table: groups that open to their operations, train form, merged form, difference.
import { Fragment, useState } from 'react';
import type { DifferenceRow } from '@shared/cost/difference';
import type { LedgerRow } from '@shared/cost/ledger';
import type { Form } from '@shared/model/spec';
import { bytesText, exact, signed } from '../../ui/format';
import { Chevron } from '../../ui/icons';
import { Panel } from '../../ui/Stage';
import type { ShownFormula } from './FormulaPanel';
import { MEASURES, totalOf, type CostGroup, type Measure } from './rows';

interface Props {
  readonly groups: readonly CostGroup[];
  readonly unit: 'macs' | 'flops';
  readonly formula: ShownFormula | null;
  readonly onFormula: (formula: ShownFormula) => void;
}

export function LedgerTable({ groups, unit, formula, onFormula }: Props) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (name: string) =>
    setOpen((before) => new Set(before.has(name) ? [...before].filter((one) => one !== name) : [...before, name]));
  const all = open.size === groups.length;
  const tools = (
    <button
      type="button"
      className="button quiet"
      data-testid="ledger-open-all"
      onClick={() => setOpen(new Set(all ? [] : groups.map(({ name }) => name)))}
    >
      {all ? 'Close all' : 'Open all'}
    </button>
  );
  return (
    <Panel title="Ledger" says="at batch 1; difference is merged minus train" tools={tools} bare>
      <div className="table-frame">
        <table className="ledger" data-testid="ledger">
          <LedgerHead unit={unit === 'macs' ? 'MACs' : 'FLOPs'} />
          <tbody>
            {groups.map((group) => (
              <Fragment key={group.name}>
                <GroupRow group={group} open={open.has(group.name)} onToggle={() => toggle(group.name)} />
                {open.has(group.name) &&
                  group.rows.map((row) => <OperationRow key={row.name} row={row} formula={formula} onFormula={onFormula} />)}
              </Fragment>
            ))}
            <GroupRow group={totalOf(groups)} open={false} />
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function LedgerHead({ unit }: { readonly unit: string }) {
  return (
    <thead>
      <tr>
        <th>Layer</th>
        <th>Kind</th>
        <th>Output</th>
        {['Parameters', unit, 'Bytes'].map((name) => (
          <Fragment key={name}>
            <th className="number">{`${name}, train`}</th>
            <th className="number">merged</th>
            <th className="number">difference</th>
          </Fragment>
        ))}
      </tr>
    </thead>
  );
}

const FORMATS: Readonly<Record<Measure, (value: number) => string>> = { params: exact, operations: exact, bytes: bytesText };

function GroupRow({ group, open, onToggle }: { readonly group: CostGroup; readonly open: boolean; readonly onToggle?: () => void }) {
  return (
    <tr className={onToggle ? 'group' : 'group total'}>
      <td>
        {onToggle ? (
          <button type="button" className="group-button" aria-expanded={open} onClick={onToggle}>
            <Chevron open={open} /> {group.name}
          </button>
        ) : (
          group.name
        )}
      </td>
      <td>{onToggle && `${group.rows.length} ${group.rows.length === 1 ? 'row' : 'rows'}`}</td>
      <td />
      {MEASURES.map((measure) => (
        <Fragment key={measure}>
          <td className="number">{FORMATS[measure](group.train[measure])}</td>
          <td className="number">{FORMATS[measure](group.merged[measure])}</td>
          <Difference value={group.merged[measure] - group.train[measure]} format={FORMATS[measure]} />
        </Fragment>
      ))}
    </tr>
  );
}

interface OperationProps {
  readonly row: DifferenceRow;
  readonly formula: ShownFormula | null;
  readonly onFormula: (formula: ShownFormula) => void;
}

function OperationRow({ row, formula, onFormula }: OperationProps) {
  const some = row.train ?? row.merged;
  const cell = (form: Form, measure: Measure) => {
    const own = row[form];
    if (!own) return <td className="number gone">–</td>;
    return <CountCell own={own} form={form} measure={measure} pressed={isShown(formula, own, form, measure)} onFormula={onFormula} />;
  };
  return (
    <tr>
      <td className="mono">{row.name}</td>
      <td>{some?.kind}</td>
      <td>{some?.outputShape.join('×')}</td>
      {MEASURES.map((measure) => (
        <Fragment key={measure}>
          {cell('train', measure)}
          {cell('merged', measure)}
          <Difference value={(row.merged?.[measure] ?? 0) - (row.train?.[measure] ?? 0)} format={FORMATS[measure]} />
        </Fragment>
      ))}
    </tr>
  );
}

function isShown(formula: ShownFormula | null, row: LedgerRow, form: Form, measure: Measure): boolean {
  return formula !== null && formula.row === row && formula.form === form && formula.what === measure;
}

interface CountProps {
  readonly own: LedgerRow;
  readonly form: Form;
  readonly measure: Measure;
  readonly pressed: boolean;
  readonly onFormula: (formula: ShownFormula) => void;
}

/** A number that shows its formula when clicked; bytes have none of their own. */
function CountCell({ own, form, measure, pressed, onFormula }: CountProps) {
  if (measure === 'bytes') return <td className="number">{bytesText(own.bytes)}</td>;
  return (
    <td className="number">
      <button
        type="button"
        className="cell-button"
        aria-pressed={pressed}
        title="Show the formula"
        onClick={() => onFormula({ row: own, form, what: measure })}
      >
        {exact(own[measure])}
      </button>
    </td>
  );
}

function Difference({ value, format }: { readonly value: number; readonly format: (value: number) => string }) {
  const tone = value < 0 ? 'less' : value > 0 ? 'more' : 'gone';
  return <td className={`number ${tone}`}>{signed(value, format)}</td>;
}
