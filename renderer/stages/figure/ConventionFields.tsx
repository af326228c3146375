// What a figure counts as work: the unit, and what is counted beside convolutions and fully-connected layers.
import { PAPER_CONVENTION, type Convention } from '@shared/cost/convention';
import { Choice, Field } from '../../ui/controls';

interface Props {
  readonly convention: Convention | undefined;
  readonly onChange: (convention: Convention) => void;
}

const ELEMENTS = [
  ['batchNorm', 'batch norm'],
  ['bias', 'biases'],
  ['activation', 'activations'],
] as const;

export function ConventionFields({ convention = PAPER_CONVENTION, onChange }: Props) {
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
        onChange={(unit) => onChange({ ...convention, unit })}
      />
      {ELEMENTS.map(([key, label]) => (
        <Field key={key} label={`Count ${label}`}>
          <input type="checkbox" checked={convention[key]} onChange={(event) => onChange({ ...convention, [key]: event.target.checked })} />
        </Field>
      ))}
    </>
  );
}
