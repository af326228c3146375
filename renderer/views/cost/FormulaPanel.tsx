// The formula behind the number that was clicked, with the numbers in it.
import type { LedgerRow } from '@shared/cost/ledger';
import type { Form } from '@shared/model/spec';
import { exact } from '../../ui/format';
import { Panel } from '../../ui/Stage';

export interface ShownFormula {
  readonly row: LedgerRow;
  readonly form: Form;
  readonly what: 'params' | 'operations';
}

export function FormulaPanel({ formula }: { readonly formula: ShownFormula | null }) {
  if (!formula) return <p className="faint">Click a number of a layer to see the formula behind it.</p>;
  const { row, form, what } = formula;
  const macs = what === 'operations';
  return (
    <Panel title={row.name} says={`${row.kind}, ${form} form, output ${row.outputShape.join('×')}`} testId="formula">
      <div className="formula">
        <span className="mono">
          {macs ? `${row.formula} = ${exact(row.macs)} MACs` : `${row.paramsFormula} = ${exact(row.params)} parameters`}
        </span>
        {macs && row.operations !== row.macs && <span>{`In the chosen convention: ${exact(row.operations)}`}</span>}
        <span className="faint">{`${exact(row.bytes)} bytes moved at float32, ${row.intensity.toPrecision(3)} FLOPs per byte`}</span>
      </div>
    </Panel>
  );
}
