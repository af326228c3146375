// The ledger of merged layers alone, where what they were before is not told: a row a layer.
import type { Ledger } from '@shared/cost/ledger';
import { Panel } from '../../../studio/Stage';
import { bytesText, exact, measured } from '../../../ui/format';
import { NumberHeads } from '../../../ui/NumberHeads';

export function MergedLedger({ ledger: { layers, params, operations, bytes, rules } }: { readonly ledger: Ledger }) {
  return (
    <Panel title="Ledger" says="merged layers, at batch 1" bare testId="merged-ledger">
      <div className="table-frame" tabIndex={0} role="region" aria-label="Ledger">
        <table className="runs">
          <thead>
            <tr>
              <th>Layer</th>
              <th>Kind</th>
              <th>Output</th>
              <NumberHeads titles={['Params', rules.unit === 'macs' ? 'MACs' : 'FLOPs', 'Bytes', 'FLOPs/byte']} />
            </tr>
          </thead>
          <tbody>
            {layers.map((row) => (
              <tr key={row.name} title={row.formula}>
                <td className="mono">{row.name || 'the whole file'}</td>
                <td>{row.kind}</td>
                <td>{row.outputShape.join('×')}</td>
                <td className="number">{exact(row.params)}</td>
                <td className="number">{exact(row.operations)}</td>
                <td className="number">{bytesText(row.bytes)}</td>
                <td className="number">{measured(row.intensity)}</td>
              </tr>
            ))}
            <tr>
              <td>Total</td>
              <td />
              <td />
              <td className="number">{exact(params)}</td>
              <td className="number">{exact(operations)}</td>
              <td className="number">{bytesText(bytes)}</td>
              <td />
            </tr>
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
