// Bars per stage or block, train form above merged form, all on one scale.
import { useState } from 'react';
import type { CostGroup } from '@shared/cost/cost-groups';
import type { CostMeasure } from '@shared/cost/grouping';
import { Segments } from '../../ui/controls';
import { short } from '../../ui/format';
import { Panel } from '../../ui/Stage';
import { useBlockLink } from './block-link';

interface Props {
  readonly groups: readonly CostGroup[];
  readonly unit: 'macs' | 'flops';
}

export function CostBars({ groups, unit }: Props) {
  const [measure, setMeasure] = useState<CostMeasure>('operations');
  const linkTo = useBlockLink();
  const largest = Math.max(1, ...groups.flatMap(({ train, merged }) => [train[measure], merged[measure]]));
  const shown = groups.filter(({ train, merged }) => train[measure] > 0 || merged[measure] > 0);
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
        {shown.map((group) => (
          <BarRow
            key={group.name}
            group={group}
            measure={measure}
            largest={largest}
            onName={linkTo(group.rows.map(({ layer }) => layer))}
          />
        ))}
      </div>
    </Panel>
  );
}

function Legend() {
  return (
    <>
      <span className="tag train">train form</span> <span className="tag merged">merged form</span>
    </>
  );
}

interface BarProps {
  readonly group: CostGroup;
  readonly measure: CostMeasure;
  readonly largest: number;
  /** Leads to the matrices of the group's block; null where there is none to show. */
  readonly onName: (() => void) | null;
}

function BarRow({ group, measure, largest, onName }: BarProps) {
  const forms = ['train', 'merged'] as const;
  return (
    <>
      {onName ? (
        <button type="button" className="group-button mono" title="Show its FC3 in the matrices" onClick={onName}>
          {group.name}
        </button>
      ) : (
        <span className="mono">{group.name}</span>
      )}
      <div className="bar-pair">
        {forms.map((form) => (
          <div key={form} className={`bar ${form}`} style={{ width: `${(100 * group[form][measure]) / largest}%` }} />
        ))}
      </div>
      <span className="number">{`${short(group.train[measure])} to ${short(group.merged[measure])}`}</span>
    </>
  );
}
