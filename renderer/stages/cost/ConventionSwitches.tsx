// What counts as work: a choice that travels with every number shown and exported.
import { useStore } from 'zustand';
import { conventionText, type Convention } from '@shared/cost/convention';
import { Segments } from '../../ui/controls';
import { Panel } from '../../studio/Stage';
import { cost } from './cost';

const OPTIONS = [
  ['batchNorm', 'batch norm'],
  ['bias', 'biases'],
  ['activation', 'activations'],
] as const;

export function ConventionSwitches() {
  const convention = useStore(cost, (state) => state.convention);
  const onChange = (chosen: Convention): void => cost.setState({ convention: chosen });
  return (
    <Panel title="Convention" says={conventionText(convention)} testId="convention">
      <div className="row switches">
        <Segments
          label="Unit"
          value={convention.unit}
          onChange={(unit) => onChange({ ...convention, unit })}
          testId="cost-unit"
          options={[
            ['macs', 'MACs'],
            ['flops', 'FLOPs (2 per MAC)'],
          ]}
        />
        <span className="faint">count also</span>
        {OPTIONS.map(([key, label]) => (
          <label key={key}>
            <input
              type="checkbox"
              checked={convention[key]}
              data-testid={`count-${key}`}
              onChange={(event) => onChange({ ...convention, [key]: event.target.checked })}
            />
            {label}
          </label>
        ))}
      </div>
    </Panel>
  );
}
