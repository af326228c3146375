// The figure as it will be printed: at its true size (a CSS millimetre to a millimetre), or enlarged or shrunk, which is said.
import { useEffect } from 'react';
import { useLook } from '../../studio/looks';
import { z } from 'zod';
import { useStore } from 'zustand';
import { attempt } from '../../studio/notices';
import { connection } from '../../studio/studio';
import { CommandButton, WaitReason } from '../../studio/CommandButton';
import { Panel } from '../../studio/Stage';
import { Choice } from '../../ui/controls';
import { figureCommands } from './commands';
import { isComposed } from '@shared/figure/registry';
import { addShownToComposed, drawPreview, figure, type DrawnFigure } from './figure';

/** Sizes of the preview, in times of its printed one. */
const ZOOMS = [
  ['1', 'true size'],
  ['0.5', '50 %'],
  ['1.5', '150 %'],
  ['2', '200 %'],
  ['3', '300 %'],
] as const;
type Zoom = (typeof ZOOMS)[number][0];

const ZOOM = { stage: 'figure', name: 'zoom', schema: z.enum(ZOOMS.map(([value]) => value)), first: '1' as Zoom } as const;

export function PreviewPanel() {
  const { recipe, preview, drawn, drawing, problem, changes } = useStore(figure);
  const connected = useStore(connection, (state) => state.client !== null);
  const [zoom, setZoom] = useLook(ZOOM);
  useEffect(() => {
    if (connected) void attempt(drawPreview);
  }, [connected, recipe]);
  return (
    <Panel title="Preview" says={drawing ? 'drawing' : sizeText(drawn, zoom)} tools={<SaveButtons />}>
      <div className="stack">
        <WaitReason command={figureCommands['save-figure']} />
        <div className="row">
          <Choice label="Shown at" value={zoom} options={ZOOMS} testId="figure-zoom" onChange={setZoom} />
          <StripField />
        </div>
        {changes.map((change) => (
          <p key={change} className="says-warning" data-testid="figure-change">{`Changed since the figure was made: ${change}.`}</p>
        ))}
        {problem && (
          <p className="says-error" role="alert" data-testid="figure-problem">
            {problem}
          </p>
        )}
        {!connected && <p className="empty">Figures are drawn by the service, which is not connected.</p>}
        {preview && !problem && (
          <div className="preview-scroll">
            <img
              className="preview"
              src={preview}
              style={drawn ? { width: `${drawn.widthMm * Number(zoom)}mm` } : undefined}
              alt={`Preview of the ${recipe.kind} figure`}
              data-testid="figure-preview"
            />
          </div>
        )}
      </div>
    </Panel>
  );
}

function sizeText(drawn: DrawnFigure | null, zoom: Zoom): string {
  if (drawn === null) return '';
  const size = `${Number(drawn.widthMm.toFixed(1))} x ${Number(drawn.heightMm.toFixed(1))} mm`;
  return zoom === '1' ? `${size}, as it will be printed` : `${size} in print, shown at ${Number(zoom) * 100} % of that`;
}

function StripField() {
  const strip = useStore(figure, (state) => state.strip);
  return (
    <label className="row">
      <input
        type="checkbox"
        checked={strip}
        data-testid="figure-strip"
        onChange={(event) => figure.setState({ strip: event.target.checked })}
      />
      save without recipe and hashes (it cannot be opened again then)
    </label>
  );
}

function SaveButtons() {
  const isWhole = useStore(figure, ({ recipe }) => isComposed(recipe));
  return (
    <>
      {!isWhole && (
        <button
          type="button"
          className="button"
          data-testid="add-to-composed"
          title="As a panel of the composed figure, with others in a grid"
          onClick={addShownToComposed}
        >
          Add to composed
        </button>
      )}
      <CommandButton command={figureCommands['save-figure']} primary>
        Save SVG
      </CommandButton>
      <CommandButton command={figureCommands['save-figure-png']}>PNG</CommandButton>
      <CommandButton command={figureCommands['save-figure-pdf']}>PDF</CommandButton>
      <CommandButton command={figureCommands['save-figure-pgf']}>LaTeX</CommandButton>
      <CommandButton command={figureCommands['save-figure-data']}>Data</CommandButton>
      <CommandButton command={figureCommands['save-recipe']}>Recipe</CommandButton>
    </>
  );
}
