// The fields of a figure recipe, kind by kind.
import { useStore } from 'zustand';
import type { ColourScaleName, FigureRecipe, ValueTransform } from '@shared/figure/recipe';
import { runs } from '../../studio/runs';
import { Choice, Field, NumberField } from '../../ui/controls';
import { CostFields } from './CostFields';
import { isPattern, PatternFields } from './PatternFields';

const COLOURS: readonly ColourScaleName[] = ['blue-orange', 'purple-green', 'viridis', 'cividis', 'grey', 'paper-green'];
const TRANSFORMS: readonly (readonly [ValueTransform, string])[] = [
  ['linear', 'linear'],
  ['symlog', 'symmetric log'],
  ['rank', 'rank'],
  ['log-ratio', 'ln(|w| / min |w|)'],
];

interface Props {
  readonly recipe: FigureRecipe;
  readonly onChange: (recipe: FigureRecipe) => void;
}

export function RecipeFields({ recipe, onChange }: Props) {
  const { layout } = recipe;
  return (
    <div className="settings-grid">
      <NumberField
        label="Width"
        hint="mm"
        value={layout.widthMm}
        min={20}
        max={400}
        testId="figure-width"
        onChange={(widthMm) => onChange({ ...recipe, layout: { ...layout, widthMm } })}
      />
      <NumberField
        label="Type size"
        hint="pt"
        value={layout.fontPt}
        min={4}
        max={24}
        step="any"
        onChange={(fontPt) => onChange({ ...recipe, layout: { ...layout, fontPt } })}
      />
      <div className="wide">
        <Field label="Title" hint="left empty: none">
          <input
            type="text"
            value={layout.title ?? ''}
            data-testid="figure-title"
            onChange={(event) => onChange({ ...recipe, layout: { ...layout, title: event.target.value || null } })}
          />
        </Field>
      </div>
      <KindFields recipe={recipe} onChange={onChange} />
    </div>
  );
}

/** The output cell and input channel that figure 5 shows. */
const CELL_FIELDS = [
  ['outputChannel', 'Output channel'],
  ['inputChannel', 'Input channel'],
  ['row', 'Row'],
  ['column', 'Column'],
] as const;

function KindFields({ recipe, onChange }: Props) {
  if (recipe.kind === 'matrices') {
    return (
      <>
        <Choice
          label="Colours"
          value={recipe.colours}
          options={COLOURS.map((name) => [name, name] as const)}
          onChange={(colours) => onChange({ ...recipe, colours })}
        />
        <Choice label="Values" value={recipe.transform} options={TRANSFORMS} onChange={(transform) => onChange({ ...recipe, transform })} />
      </>
    );
  }
  if (recipe.kind === 'figure5') {
    return CELL_FIELDS.map(([field, label]) => (
      <NumberField key={field} label={label} value={recipe[field]} min={0} onChange={(value) => onChange({ ...recipe, [field]: value })} />
    ));
  }
  if (recipe.kind === 'cost-bars') {
    return <CostFields recipe={recipe} onChange={onChange} />;
  }
  if (isPattern(recipe)) return <PatternFields recipe={recipe} onChange={onChange} />;
  return recipe.kind === 'curves' ? <RunChoice recipe={recipe} onChange={onChange} /> : null;
}

/** Which run's curves; runs opened from elsewhere are among them. */
function RunChoice({
  recipe,
  onChange,
}: {
  readonly recipe: Extract<FigureRecipe, { kind: 'curves' }>;
  readonly onChange: Props['onChange'];
}) {
  const list = useStore(runs, (state) => state.list);
  return (
    <Choice
      label="Run"
      value={recipe.source.path}
      options={list.map(({ name, folder }) => [folder, name] as const)}
      testId="figure-run"
      onChange={(path) => onChange({ ...recipe, source: { path } })}
    />
  );
}
