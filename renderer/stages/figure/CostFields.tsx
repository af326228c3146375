// The fields of a cost figure: what it counts, by which convention, of which forms, as which chart.
import { PAPER_CONVENTION } from '@shared/cost/convention';
import type { CostBarsRecipe } from '@shared/figure/kinds/cost-bars';
import { Choice, Field } from '../../ui/controls';

interface Props {
  readonly recipe: CostBarsRecipe;
  readonly onChange: (recipe: CostBarsRecipe) => void;
}

const ELEMENTS = [
  ['batchNorm', 'batch norm'],
  ['bias', 'biases'],
  ['activation', 'activations'],
] as const;

export function CostFields({ recipe, onChange }: Props) {
  const { chart = 'bars', form = 'both', convention = PAPER_CONVENTION } = recipe;
  return (
    <>
      <Choice
        label="Measure"
        value={recipe.metric}
        options={[
          ['macs', convention.unit === 'macs' ? 'MACs' : 'FLOPs'],
          ['params', 'Parameters'],
          ['bytes', 'Bytes moved'],
        ]}
        testId="cost-metric"
        onChange={(metric) => onChange({ ...recipe, metric })}
      />
      <Choice
        label="Chart"
        value={chart}
        options={[
          ['bars', 'bars'],
          ['icicle', 'icicle'],
        ]}
        testId="cost-chart"
        onChange={(next) => onChange({ ...recipe, chart: next })}
      />
      {chart === 'bars' && <LevelChoice recipe={recipe} onChange={onChange} />}
      <Choice
        label="Forms"
        value={form}
        options={[
          ['both', 'both'],
          ['train', 'train form'],
          ['merged', 'merged form'],
        ]}
        onChange={(next) => onChange({ ...recipe, form: next })}
      />
      <ConventionFields recipe={recipe} onChange={onChange} />
    </>
  );
}

function LevelChoice({ recipe, onChange }: Props) {
  return (
    <Choice
      label="One bar per"
      value={recipe.level ?? 'fitting'}
      options={[
        ['fitting', 'block, or stage if too many'],
        ['stage', 'stage'],
        ['block', 'block'],
        ['layer', 'layer'],
      ]}
      onChange={(level) => onChange({ ...recipe, level: level === 'fitting' ? undefined : level })}
    />
  );
}

function ConventionFields({ recipe, onChange }: Props) {
  const { convention = PAPER_CONVENTION } = recipe;
  return (
    <>
      <Choice
        label="Unit of work"
        value={convention.unit}
        options={[
          ['macs', 'MACs'],
          ['flops', 'FLOPs (2 per MAC)'],
        ]}
        testId="figure-unit"
        onChange={(unit) => onChange({ ...recipe, convention: { ...convention, unit } })}
      />
      {ELEMENTS.map(([key, label]) => (
        <Field key={key} label={`Count ${label}`}>
          <input
            type="checkbox"
            checked={convention[key]}
            onChange={(event) => onChange({ ...recipe, convention: { ...convention, [key]: event.target.checked } })}
          />
        </Field>
      ))}
    </>
  );
}
