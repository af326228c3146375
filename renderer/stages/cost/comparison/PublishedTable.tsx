// What the papers print for this network beside what is computed, and how the digits relate.
import { useMemo } from 'react';
import { comparePublished, publishedRowsOf, type Agreement } from '@shared/cost/published/compare-published';
import { bothForms } from '@shared/cost/both-forms';
import type { NetworkSpec } from '@shared/model/spec';
import { exact, percent, signed } from '../../../ui/format';
import { Panel } from '../../../studio/Stage';

const TONE: Readonly<Record<Agreement, string>> = { rounded: 'less', 'cut off': 'less', 'last digit differs': 'more', differs: 'more' };

/** Counted in the papers' convention whatever the switches say. */
export function PublishedTable({ train }: { readonly train: NetworkSpec }) {
  const figures = useMemo(() => publishedFigures(train), [train]);
  const says = figures.length === 0 ? 'nothing is published for this network with these settings' : "counted in the papers' convention";
  return (
    <Panel title="Published beside computed" says={says} bare testId="published">
      {figures.length > 0 && (
        <div className="table-frame" tabIndex={0} role="region" aria-label="Published and computed">
          <table className="runs">
            <thead>
              <tr>
                {['Published as', 'Quantity', 'Printed', 'Computed', 'Difference', 'What explains it', 'Source'].map((title) => (
                  <th key={title} className={title === 'Computed' || title === 'Difference' || title === 'Printed' ? 'number' : ''}>
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {figures.map(({ row, quantity, form, published, computed, difference, agreement, explanation }) => (
                <tr key={`${row.title} ${quantity}`}>
                  <td>{row.title}</td>
                  <td>{`${quantity === 'macs' ? 'MACs' : 'parameters'}, ${form} form`}</td>
                  <td className="number">{published}</td>
                  <td className="number">{exact(computed)}</td>
                  <td className="number">{signed(difference, percent)}</td>
                  <td className={TONE[agreement]}>{explanation}</td>
                  <td className="faint">{row.source}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

function publishedFigures(train: NetworkSpec) {
  const rows = publishedRowsOf(train);
  if (rows.length === 0) return [];
  const { trainLedger, mergedLedger } = bothForms(train);
  return rows.flatMap((row) => comparePublished(row, { train: trainLedger, merged: mergedLedger }).map((figure) => ({ row, ...figure })));
}
