// The fields of one panel of a composed figure: its heading and what its own kind asks for; size and type are the sheet's.
import { changedPanel, type ComposedPanel } from '@shared/figure/compose';
import { kindOf, type ComposedRecipe, type PanelRecipe } from '@shared/figure/registry';
import { Field } from '../../../ui/controls';
import { Panel } from '../../../studio/Stage';
import { AxesFields } from '../LayoutFields';
import { KindFields } from '../RecipeFields';
import { panelLetterOf } from './panel-words';

interface Props {
  readonly recipe: ComposedRecipe;
  readonly at: number;
  readonly onChange: (recipe: ComposedRecipe) => void;
}

export function PanelFields({ recipe, at, onChange }: Props) {
  const panel = recipe.panels[at];
  const { recipe: own } = panel;
  const { title } = kindOf(own);
  const change = (changes: Partial<ComposedPanel>): void => onChange(changedPanel(recipe, at, changes));
  return (
    <Panel title={`Panel ${panelLetterOf(recipe, at)}`} says={title} testId="panel-fields">
      <div className="settings-grid">
        <div className="wide">
          <Field label="Heading" hint="left empty: its letter alone">
            <input
              type="text"
              value={panel.heading ?? title}
              data-testid="panel-heading"
              onChange={({ target }) => change({ heading: target.value === title ? undefined : target.value })}
            />
          </Field>
        </div>
        <KindFields recipe={own} onChange={(changed) => change({ recipe: changed as PanelRecipe })} />
        <AxesFields kind={own.kind} layout={own.layout} onChange={(layout) => change({ recipe: { ...own, layout } })} />
      </div>
    </Panel>
  );
}
