// Bars per stage or block, train form above merged form, all on one scale.
import { useState } from 'react';
import type { CostGroup } from '@shared/cost/cost-groups';
import type { CostMeasure } from '@shared/cost/grouping';
import { Segments } from '../../ui/controls';
import { short } from '../../ui/format';
import { Panel } from '../../ui/Stage';

interface Props {
  readonly groups: readonly CostGroup[];
  readonly unit: 'macs' | 'flops';
}

export function CostBars({ groups, unit }: Props) {
  const [measure, setMeasure] = useState<CostMeasure>('operations');
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
          <BarRow key={group.name} group={group} measure={measure} largest={largest} />
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

function BarRow({ group, measure, largest }: { readonly group: CostGroup; readonly measure: CostMeasure; readonly largest: number }) {
  const forms = ['train', 'merged'] as const;
  return (
    <>
      <span className="mono">{group.name}</span>
      <div className="bar-pair">
        {forms.map((form) => (
          <div key={form} className={`bar ${form}`} style={{ width: `${(100 * group[form][measure]) / largest}%` }} />
        ))}
      </div>
      <span className="number">{`${short(group.train[measure])} to ${short(group.merged[measure])}`}</span>
    </>
  );
}
