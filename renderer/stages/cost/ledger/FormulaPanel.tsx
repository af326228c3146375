// The formula behind the number that was clicked, with the numbers in it.
import { assertNever } from '@shared/base/assert-never';
import type { CostMeasure } from '@shared/cost/grouping';
import type { LedgerRow } from '@shared/cost/ledger';
import type { Form } from '@shared/model/spec';
import { exact } from '../../../ui/format';
import { Panel } from '../../../studio/Stage';
import { useMatrixLink } from '../matrix-link';

export interface ShownFormula {
  readonly row: LedgerRow;
  readonly form: Form;
  readonly what: CostMeasure;
}

export function FormulaPanel({ formula }: { readonly formula: ShownFormula | null }) {
  const linkTo = useMatrixLink();
  if (!formula) return <p className="faint">Click a number of a layer to see the formula behind it.</p>;
  const { row, form } = formula;
  const [text, value, unit] = partsOf(formula);
  const { says, show } = linkTo([row]);
  const tools = show ? (
    <button type="button" className="button" data-testid="formula-to-matrices" title={`Show ${says}`} onClick={show}>
      Show in matrices
    </button>
  ) : (
    <span className="faint">{says}</span>
  );
  return (
    <Panel title={row.name} says={`${row.kind}, ${form} form, output ${row.outputShape.join('×')}`} tools={tools} testId="formula">
      <div className="formula">
        <span className="mono">{`${text} = ${exact(value)} ${unit}`}</span>
        {formula.what === 'operations' && row.operations !== row.macs && (
          <span className="mono">{`in the chosen convention: ${row.operationsFormula} = ${exact(row.operations)}`}</span>
        )}
        <span className="faint">
          {`Intensity: 2 × ${exact(row.macs)} FLOPs / ${exact(row.bytes)} bytes moved at float32 = ${row.intensity.toPrecision(3)} FLOPs per byte`}
        </span>
      </div>
    </Panel>
  );
}

function partsOf({ row, what }: ShownFormula): [text: string, value: number, unit: string] {
  switch (what) {
    case 'params':
      return [row.paramsFormula, row.params, 'parameters'];
    case 'operations':
      return [row.formula, row.macs, 'MACs'];
    case 'bytes':
      return [row.bytesFormula, row.bytes, 'bytes'];
    default:
      return assertNever(what);
  }
}
