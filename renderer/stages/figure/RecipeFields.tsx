// The form of a figure recipe: what all recipes have, and the fields that the recipe's kind names, each by its widget.
import { useStore } from 'zustand';
import { assertNever } from '@shared/base/assert-never';
import type { ChoiceField, FormField } from '@shared/figure/kind';
import type { FigureSource } from '@shared/figure/recipe';
import { isPattern, kindOf, type FigureRecipe } from '@shared/figure/registry';
import { useDraft } from '../../ui/draft';
import { runs } from '../../studio/runs/runs';
import { Choice, Field, NumberField } from '../../ui/controls';
import { LayoutFields } from './LayoutFields';
import { GroupField, PictureFields, SubjectChoice } from './PatternFields';
import { PAPER_CONVENTION, type Convention } from '@shared/cost/convention';

interface Props {
  readonly recipe: FigureRecipe;
  readonly onChange: (recipe: FigureRecipe) => void;
}

export function RecipeFields({ recipe, onChange }: Props) {
  return (
    <div className="settings-grid">
      <KindFields recipe={recipe} onChange={onChange} />
      <LayoutFields kind={recipe.kind} layout={recipe.layout} onChange={(layout) => onChange({ ...recipe, layout })} />
    </div>
  );
}

/** The fields that a recipe's kind names. */
export function KindFields({ recipe, onChange }: Props) {
  return (
    <>
      {isPattern(recipe) && <SubjectChoice recipe={recipe} onChange={onChange} />}
      {kindOf(recipe)
        .form(recipe)
        .map((field) => (
          <KindField key={field.field} field={field} onChange={(value) => onChange({ ...recipe, [field.field]: value })} />
        ))}
    </>
  );
}

/** A field by its widget; what it gives is of the type of the field's value. */
function KindField({ field, onChange }: { readonly field: FormField; readonly onChange: (value: unknown) => void }) {
  switch (field.widget) {
    case 'choice':
      return <ValueChoice field={field} onChange={onChange} />;
    case 'index':
      return <NumberField label={field.label} hint={field.hint} value={field.value} min={0} onChange={onChange} />;
    case 'place':
      return <PlaceField label={field.label} value={field.value} onChange={onChange} />;
    case 'group':
      return <GroupField group={field.value} onChange={onChange} />;
    case 'convention':
      return <ConventionFields convention={field.value} onChange={onChange} />;
    case 'picture':
      return <PictureFields picture={field.value} onChange={onChange} />;
    case 'run':
      return <RunChoice source={field.value} onChange={onChange} />;
    default:
      return assertNever(field);
  }
}

interface PlaceFieldProps {
  readonly label: string;
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
}

/** A number that may be left out: then it is the paper's. */
function PlaceField({ label, value, onChange }: PlaceFieldProps) {
  const testId = `figure-${label.toLowerCase()}`;
  const [{ text, problem }, show] = useDraft(testId, label, value === null ? '' : String(value));
  const take = ({ value: typed, validity }: HTMLInputElement) => {
    show(typed, validity.valid ? '' : 'this takes a whole number from 0 on, or nothing');
    if (validity.valid) onChange(typed === '' ? null : Number(typed));
  };
  return (
    <Field label={label} hint={problem || 'left empty: as in the paper'}>
      <input
        type="number"
        min={0}
        step={1}
        value={text}
        aria-invalid={problem !== ''}
        data-testid={testId}
        onChange={({ target }) => take(target)}
      />
    </Field>
  );
}

/** A choice among values of any kind; the drop-down knows them by their number in the list. */
function ValueChoice({ field, onChange }: { readonly field: ChoiceField; readonly onChange: (value: ChoiceField['value']) => void }) {
  const { label, value, options, testId } = field;
  const keyOf = (one: ChoiceField['value']): string => String(one ?? 'default');
  return (
    <Choice
      label={label}
      value={keyOf(value)}
      options={options.map(([one, text]) => [keyOf(one), text] as const)}
      testId={testId}
      onChange={(chosen) => onChange(options.find(([one]) => keyOf(one) === chosen)?.[0])}
    />
  );
}

/** Which run's curves; runs opened from elsewhere are among them. */
function RunChoice({ source, onChange }: { readonly source: FigureSource; readonly onChange: (source: FigureSource) => void }) {
  const list = useStore(runs, (state) => state.list);
  return (
    <Choice
      label="Run"
      value={source.path}
      options={list.map(({ name, folder }) => [folder, name] as const)}
      testId="figure-run"
      onChange={(path) => onChange({ path })}
    />
  );
}

interface ConventionProps {
  readonly convention: Convention | undefined;
  readonly onChange: (convention: Convention) => void;
}

const ELEMENTS = [
  ['batchNorm', 'batch norm'],
  ['bias', 'biases'],
  ['activation', 'activations'],
] as const;

/** What a figure counts as work: the unit, and what is counted beside convolutions and fully-connected layers. */
function ConventionFields({ convention = PAPER_CONVENTION, onChange }: ConventionProps) {
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
