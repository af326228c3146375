// The export stage: choose a figure, set its recipe, see it as it will be printed, save it with the
// recipe that makes it again.
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { figureKinds } from '@shared/figure/registry';
import { changeRecipe, chooseFigure, drawPreview, figure, followFocus } from './figure';
import { network } from '../../studio/network/network';
import { attempt } from '../../studio/notices';
import { connection } from '../../studio/studio';
import { weights } from '../../studio/network/weights';
import { CommandButton, WaitReason } from '../../studio/CommandButton';
import { figureCommands } from './commands';
import { Panel, Stage } from '../../studio/Stage';
import { BlockPicker } from '../../studio/network/BlockPicker';
import { RecipeFields } from './RecipeFields';
import './figure.css';

export function FigureView() {
  const { recipe } = useStore(figure);
  const reference = useStore(weights, (state) => state.reference);
  const block = useStore(weights, (state) => state.block);
  const spec = useStore(network, (state) => state.spec);
  const inFocus = useStore(weights, (state) => state.inFocus);
  useEffect(followFocus, [reference, inFocus, block, spec]);
  return (
    <Stage name="figure" tools={<BlockPicker />}>
      <div className="columns side">
        <div className="stack">
          <KindPanel />
          <Panel title="Recipe" says="all that makes this figure">
            <RecipeFields recipe={recipe} onChange={changeRecipe} />
          </Panel>
        </div>
        <PreviewPanel />
      </div>
    </Stage>
  );
}

function KindPanel() {
  const { recipe } = useStore(figure);
  return (
    <Panel title="Figure">
      <div className="options" role="radiogroup" aria-label="Figures">
        {figureKinds.map(({ kind, title, says }) => (
          <button
            key={kind}
            type="button"
            role="radio"
            aria-checked={recipe.kind === kind}
            className="option"
            data-testid={`figure-${kind}`}
            onClick={() => chooseFigure(kind)}
          >
            <strong>{title}</strong>
            <span>{says}</span>
          </button>
        ))}
      </div>
    </Panel>
  );
}

function PreviewPanel() {
  const { recipe, preview, drawing, problem } = useStore(figure);
  const connected = useStore(connection, (state) => state.client !== null);
  useEffect(() => {
    if (connected) void attempt(drawPreview);
  }, [connected, recipe]);
  const { widthMm } = recipe.layout;
  return (
    <Panel title="Preview" says={drawing ? 'drawing' : `${widthMm} mm wide, as it will be printed`} tools={<SaveButtons />}>
      <div className="stack">
        <WaitReason command={figureCommands['save-figure']} />
        {problem && (
          <p className="says-error" role="alert" data-testid="figure-problem">
            {problem}
          </p>
        )}
        {!connected && <p className="empty">Figures are drawn by the service, which is not connected.</p>}
        {preview && !problem && (
          <img className="preview" src={preview} alt={`Preview of the ${recipe.kind} figure`} data-testid="figure-preview" />
        )}
      </div>
    </Panel>
  );
}

function SaveButtons() {
  return (
    <>
      <CommandButton command={figureCommands['save-figure']} primary>
        Save SVG
      </CommandButton>
      <CommandButton command={figureCommands['save-figure-png']}>PNG</CommandButton>
      <CommandButton command={figureCommands['save-figure-pdf']}>PDF</CommandButton>
      <CommandButton command={figureCommands['save-recipe']}>Recipe</CommandButton>
    </>
  );
}
