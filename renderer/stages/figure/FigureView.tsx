// The export stage: choose a figure, set its recipe, see it as it will be printed, save it with the
// recipe that makes it again; or compose one of several.
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { Composer } from './composer/Composer';
import { PanelFields } from './composer/PanelFields';
import { figureKinds, isComposed, kindOf } from '@shared/figure/registry';
import { changeRecipe, chooseFigure, figure, followFocus } from './figure';
import { network } from '../../studio/network/network';
import { recalled } from '../../studio/network/remembered';
import { runs } from '../../studio/runs/runs';
import { attempt } from '../../studio/notices';
import { weights } from '../../studio/network/weights';
import { Panel, Stage } from '../../studio/Stage';
import { BlockPicker } from '../../studio/network/BlockPicker';
import { openFigureWithDialog } from '../../studio/files';
import { CaptionPanel, InspectionPanel } from './PrintPanels';
import { BatchPanel } from './film/BatchPanel';
import { FilmPanel } from './film/FilmPanel';
import { PreviewPanel } from './PreviewPanel';
import { RecipeFields } from './RecipeFields';
import './figure.css';

export function FigureView() {
  const { recipe } = useStore(figure);
  const reference = useStore(weights, (state) => state.reference);
  const block = useStore(weights, (state) => state.block);
  const spec = useStore(network, (state) => state.spec);
  const inFocus = useStore(weights, (state) => state.inFocus);
  const isRecalled = useStore(recalled, (state) => state.done);
  const areListed = useStore(runs, (state) => state.loaded);
  useEffect(followFocus, [reference, inFocus, block, spec, isRecalled, areListed]);
  const [panel, choosePanel] = useState<number | null>(null);
  const composed = isComposed(recipe) ? recipe : null;
  return (
    <Stage name="figure" tools={<StageTools />}>
      <div className="stack figure-stage">
        <KindPanel />
        <div className="columns side figure-columns">
          <div className="stack">
            {composed && panel !== null && panel < composed.panels.length && (
              <PanelFields recipe={composed} at={panel} onChange={changeRecipe} />
            )}
            <Panel title="Recipe" says="all that makes this figure">
              <RecipeFields recipe={recipe} onChange={changeRecipe} />
            </Panel>
          </div>
          <div className="stack">
            {composed && <Composer recipe={composed} onChange={changeRecipe} chosen={panel} onChoose={choosePanel} />}
            <PreviewPanel />
            <FilmPanel />
            <BatchPanel />
            <CaptionPanel />
            <InspectionPanel />
          </div>
        </div>
      </div>
    </Stage>
  );
}

function StageTools() {
  return (
    <>
      <BlockPicker />
      <button
        type="button"
        className="button"
        data-testid="open-figure"
        title="A figure made here carries its recipe: it is shown as it was"
        onClick={() => void attempt(openFigureWithDialog)}
      >
        Open a figure
      </button>
    </>
  );
}

function KindPanel() {
  const { recipe } = useStore(figure);
  return (
    <Panel title="Figure" says={kindOf(recipe).says}>
      <div className="options figure-kinds" role="radiogroup" aria-label="Figures">
        {figureKinds.map(({ kind, title, says }) => (
          <button
            key={kind}
            type="button"
            role="radio"
            aria-checked={recipe.kind === kind}
            className="option"
            data-testid={`figure-${kind}`}
            title={says}
            onClick={() => chooseFigure(kind)}
          >
            <strong>{title}</strong>
            {recipe.kind === kind && <span>{says}</span>}
          </button>
        ))}
      </div>
    </Panel>
  );
}
