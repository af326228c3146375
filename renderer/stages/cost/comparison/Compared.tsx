// The current network, A, against the one it is compared with, B: both ledgers under the convention on screen, and what B
// has in A's place. Invariant: where one of them cannot be counted, that is said in place of its numbers.
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { bothForms, type BothForms } from '@shared/cost/both-forms';
import { comparedLabel, comparison } from '../../../studio/network/comparison';
import { exact, percent, signed } from '../../../ui/format';
import { NumberHeads } from '../../../ui/NumberHeads';
import { Panel } from '../../../studio/Stage';

/** `forms` are those of A. Nothing where nothing is compared. */
export function Compared({ forms: a }: { readonly forms: BothForms }) {
  const { subject, network } = useStore(comparison);
  const spec = network?.spec ?? null;
  const b = useMemo(() => spec && bothForms(spec, a.trainLedger.rules), [spec, a]);
  if (!subject) return null;
  return (
    <Panel title="A against B" says={`B is ${comparedLabel()}`} bare testId="cost-compared">
      {b ? <ComparedTable a={a} b={b} /> : <p className="says-error">{network?.problem}</p>}
    </Panel>
  );
}

interface Pair {
  readonly a: BothForms;
  readonly b: BothForms;
}

function ComparedTable({ a, b }: Pair) {
  const unit = a.trainLedger.rules.unit === 'macs' ? 'MACs' : 'FLOPs';
  const lines: readonly (readonly [string, (forms: BothForms) => number])[] = [
    ['Parameters, train form', ({ trainLedger }) => trainLedger.params],
    ['Parameters, merged form', ({ mergedLedger }) => mergedLedger.params],
    [`${unit}, train form`, ({ trainLedger }) => trainLedger.operations],
    [`${unit}, merged form`, ({ mergedLedger }) => mergedLedger.operations],
    ['Bytes moved, merged form', ({ mergedLedger }) => mergedLedger.bytes],
  ];
  return (
    <div className="table-frame">
      <table className="runs">
        <thead>
          <tr>
            <th>{`Input ${a.trainLedger.input.join('×')} and ${b.trainLedger.input.join('×')}`}</th>
            <NumberHeads titles={[`A: ${a.train.name}`, `B: ${b.train.name}`, 'B against A']} />
          </tr>
        </thead>
        <tbody>
          {lines.map(([title, value]) => (
            <tr key={title}>
              <td>{title}</td>
              <td className="number">{exact(value(a))}</td>
              <td className="number">{exact(value(b))}</td>
              <td className="number">{signed((value(b) - value(a)) / value(a), percent)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
