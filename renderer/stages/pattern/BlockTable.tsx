// The analysed blocks side by side: how local, how translation-invariant, how symmetric, before and after.
import type { BlockPattern, MatrixPattern } from '@shared/pattern/analyse';
import { useStore } from 'zustand';
import { focusBlock, weights } from '../../studio/network/weights';
import { measured, percent } from '../../ui/format';
import { NumberHeads } from '../../ui/NumberHeads';
import { Panel } from '../../studio/Stage';

type Column = readonly [title: string, text: (pattern: MatrixPattern) => string];
const COLUMNS: readonly Column[] = [
  ['Translation-invariant', ({ invariantShare }) => percent(invariantShare)],
  ['Half-energy radius', ({ locality }) => `${measured(locality.halfEnergyRadius)} px`],
  ['Long-range', ({ locality }) => percent(locality.longRangeShare)],
  ['Left-right symmetry', ({ symmetry }) => measured(symmetry.leftRight)],
  ['Up-down symmetry', ({ symmetry }) => measured(symmetry.upDown)],
];

export function BlockTable({ known }: { readonly known: ReadonlyMap<string, BlockPattern> }) {
  const focus = useStore(weights, (state) => state.block);
  return (
    <Panel title="Blocks" says={`${known.size} analysed; shares of the energy, the sum of squared weights`} bare testId="pattern-blocks">
      <div className="table-frame">
        <table className="runs">
          <thead>
            <tr>
              <th>Block</th>
              <NumberHeads titles={COLUMNS.map(([title]) => `${title}, before and after`)} />
            </tr>
          </thead>
          <tbody>
            {[...known.values()].map((pattern) => (
              <Row key={pattern.path} pattern={pattern} focused={pattern.path === focus} />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function Row({ pattern, focused }: { readonly pattern: BlockPattern; readonly focused: boolean }) {
  return (
    <tr aria-selected={focused}>
      <td>
        <button type="button" className="group-button mono" onClick={() => focusBlock(pattern.path)}>
          {pattern.path || '(the whole network)'}
        </button>
      </td>
      {COLUMNS.map(([title, text]) => (
        <td key={title} className="number">
          <span className="faint">{`${text(pattern.before)} → `}</span>
          {text(pattern.after)}
        </td>
      ))}
    </tr>
  );
}
