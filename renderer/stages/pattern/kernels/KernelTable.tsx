// The analysed kernels of a file side by side: how far each looks, and how alike it looks to the left and right, up and down.
import { placeText } from '@shared/merge/recipes/summaries';
import type { ListedKernel } from '@shared/link/studio';
import type { KernelPattern } from '@shared/pattern/kernel-pattern';
import { shapeText } from '@shared/tensor/tensor';
import { Panel } from '../../../studio/Stage';
import { measured, percent } from '../../../ui/format';
import { NumberHeads } from '../../../ui/NumberHeads';

type Column = readonly [title: string, text: (pattern: KernelPattern) => string];
const COLUMNS: readonly Column[] = [
  ['Map', ({ map }) => map.join('x')],
  ['Translation-invariant', ({ after }) => percent(after.invariantShare)],
  ['Half-energy radius', ({ after }) => `${measured(after.locality.halfEnergyRadius)} px`],
  ['Left-right symmetry', ({ after }) => measured(after.symmetry.leftRight)],
  ['Up-down symmetry', ({ after }) => measured(after.symmetry.upDown)],
];

interface Props {
  readonly kernels: readonly ListedKernel[];
  /** By the name of the weight. */
  readonly known: ReadonlyMap<string, KernelPattern>;
  readonly focus: string;
  readonly onChoose: (name: string) => void;
}

export function KernelTable({ kernels, known, focus, onChoose }: Props) {
  return (
    <Panel title="Kernels" says={`${known.size} of ${kernels.length} analysed`} bare testId="kernel-table">
      <div className="table-frame">
        <table className="runs">
          <thead>
            <tr>
              <th>Kernel</th>
              <th>Shape</th>
              <NumberHeads titles={COLUMNS.map(([title]) => title)} />
            </tr>
          </thead>
          <tbody>
            {kernels.flatMap(({ name, path, shape }) => {
              const pattern = known.get(name);
              return pattern === undefined
                ? []
                : [
                    <tr key={name} aria-selected={name === focus}>
                      <td>
                        <button type="button" className="group-button mono" onClick={() => onChoose(name)}>
                          {placeText(path)}
                        </button>
                      </td>
                      <td className="mono">{shapeText(shape)}</td>
                      {COLUMNS.map(([title, text]) => (
                        <td key={title} className="number">
                          {text(pattern)}
                        </td>
                      ))}
                    </tr>,
                  ];
            })}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
