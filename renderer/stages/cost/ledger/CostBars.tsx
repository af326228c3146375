// Bars per stage or block, train form above merged form, all on one scale.
import { largestOf } from '@shared/base/extremes';
import type { CostGroup } from '@shared/cost/cost-groups';
import type { CostMeasure } from '@shared/cost/grouping';
import { useLook } from '../../../studio/looks';
import { Segments } from '../../../ui/controls';
import { short } from '../../../ui/format';
import { Panel } from '../../../studio/Stage';
import { MEASURE_LOOK } from '../cost';
import { useMatrixLink, type MatrixLink } from '../matrix-link';

interface Props {
  readonly groups: readonly CostGroup[];
  readonly unit: 'macs' | 'flops';
}

export function CostBars({ groups, unit }: Props) {
  const [measure, setMeasure] = useLook({ ...MEASURE_LOOK, name: 'bars' });
  const linkTo = useMatrixLink();
  const largest = largestOf(
    groups.flatMap(({ train, merged }) => [train[measure], merged[measure]]),
    1,
  );
  const shown = groups
    .filter(({ train, merged }) => train[measure] > 0 || merged[measure] > 0)
    .map((group) => ({ group, link: linkTo(group.rows.flatMap((row) => row.train ?? row.merged ?? [])) }));
  const tools = (
    <Segments
      label="Measure"
      value={measure}
      onChange={setMeasure}
      testId="bar-measure"
      options={[
        ['operations', unit === 'macs' ? 'MACs' : 'FLOPs'],
        ['params', 'Parameters'],
        ['bytes', 'Bytes moved'],
      ]}
    />
  );
  return (
    <Panel title="Where it goes" says={<Legend />} tools={tools}>
      <div className="bars" data-testid="cost-bars">
        {shown.map(({ group, link }) => (
          <BarRow key={group.name} group={group} measure={measure} largest={largest} link={link} />
        ))}
      </div>
      <WithoutMatrix unlinked={shown.filter(({ link }) => !link.show)} />
    </Panel>
  );
}

function Legend() {
  return (
    <>
      <span className="tag train">train form</span> <span className="tag merged">merged form</span>{' '}
      <span>a name or its bars lead to the matrices: to the first FC3, else the first weight</span>
    </>
  );
}

interface BarProps {
  readonly group: CostGroup;
  readonly measure: CostMeasure;
  readonly largest: number;
  readonly link: MatrixLink;
}

function BarRow({ group, measure, largest, link: { says, show } }: BarProps) {
  const forms = ['train', 'merged'] as const;
  return (
    <>
      {show ? (
        <button type="button" className="group-button mono" title={`Show ${says} in the matrices`} onClick={show}>
          {group.name}
        </button>
      ) : (
        <span className="mono" title={says}>
          {group.name}
        </span>
      )}
      <div className={show ? 'bar-pair linked' : 'bar-pair'} title={says} onClick={show ?? undefined}>
        {forms.map((form) => (
          <div key={form} className={`bar ${form}`} style={{ width: `${(100 * group[form][measure]) / largest}%` }} />
        ))}
      </div>
      <span className="number">{`${short(group.train[measure])} to ${short(group.merged[measure])}`}</span>
    </>
  );
}

interface WithoutProps {
  readonly unlinked: readonly { readonly group: CostGroup; readonly link: MatrixLink }[];
}

/** Names of this many bars that lead nowhere are said. */
const MOST_NAMES = 8;

/** Says which bars lead nowhere, and why. */
function WithoutMatrix({ unlinked }: WithoutProps) {
  if (unlinked.length === 0) return null;
  const names = unlinked.slice(0, MOST_NAMES).map(({ group }) => group.name);
  const more = unlinked.length > MOST_NAMES ? ` and ${unlinked.length - MOST_NAMES} more` : '';
  return <p className="faint" data-testid="bars-unlinked">{`${names.join(', ')}${more}: ${unlinked[0].link.says}.`}</p>;
}
