// The panes: one WebGL canvas below, one 2-D canvas for lines, numbers and the cursor above, and an element
// per pane for its title and for tests. Pointer and keys act on all panes at once.
import { useEffect, useMemo, useRef, type KeyboardEvent } from 'react';
import { useStore } from 'zustand/react';
import { theme } from '../../../studio/theme';
import type { Colouring } from '@shared/colour/colouring';
import type { Viewport } from '@shared/matrix/camera';
import type { Pane } from '../picture/pane-tiles';
import { explorer, nextFlicker, PANES, type PaneId } from '../explorer';
import { ACTIVE_CELL_ID, CellGrid } from './CellGrid';
import { handleKey } from './keys';
import { FrameText } from './Legend';
import { useOwnWheel, usePointer } from './pointer';
import { panesOf, type ExplorerInput, type MatrixSet, type StatusSet } from '../matrix-set';
import { placePanes, type PlacedPane } from './panes';
import { SplitHandle } from './SplitHandle';
import { useExplorer } from '../useExplorer';
import { useOverlay } from './useOverlay';
import { useSize, useStage, useStageInputs } from './useStage';

interface MatrixCanvasProps {
  readonly input: ExplorerInput;
  readonly set: MatrixSet;
  readonly statuses: StatusSet;
  readonly scales: Readonly<Record<PaneId, Colouring>>;
}

/** Where the skip link of the stage leads. */
export const PICTURE_ID = 'matrix-picture';

const HELP = 'Weight matrices. Arrow keys move the cell cursor, plus and minus zoom, 0 shows everything.';
const CPU_DRAWS =
  'WebGL 2 is missing here: the matrices are drawn on the CPU, truly but more slowly. For a fluid picture turn on hardware acceleration in the settings of the browser (in Chrome: Settings, System) or update the graphics driver.';
/** What the panes are to the page and to those who hear it. */
const APPLICATION = {
  className: 'matrix-canvas',
  id: PICTURE_ID,
  tabIndex: 0,
  role: 'application',
  'aria-label': HELP,
  'aria-activedescendant': ACTIVE_CELL_ID,
} as const;
/** Panes below this width, in pixels, are called by the short form of their names. */
const NARROW = 200;
/** How long flicker shows one of the matrices. */
const FLICKER_MS = 700;
/** Around the matrices, by theme: 0xrrggbb. */
const BACKGROUND = { dark: 0x101417, light: 0xe4e7e5 };

export function MatrixCanvas({ input, set, statuses, scales }: MatrixCanvasProps) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const size = useSize(box);
  const stage = useStage(canvas);
  const dark = useStore(theme, ({ shown }) => shown === 'dark');
  const placed = usePlacedPanes(input, size);
  const panes = useMemo<Pane[]>(
    () => placed.map((pane) => ({ ...pane, matrix: set[pane.id], scale: scales[pane.id] })),
    [placed, set, scales],
  );
  useFlicker();
  useViewport(placed[0].frame);
  useStageInputs(stage, panes, size, dark ? BACKGROUND.dark : BACKGROUND.light);
  useRedraw(stage, statuses);
  useOverlay(overlay, { panes, size, geometry: input.geometry });
  useOwnWheel(box);
  const pointer = usePointer(placed);
  const onKeyDown = (event: KeyboardEvent) => {
    if (handleKey(event, input, set)) event.preventDefault();
  };
  return (
    <div className="matrix-panes">
      <div>
        {stage !== null && typeof stage !== 'string' && stage.cpu && <CpuNote />}
        <PaneTitles placed={placed} input={input} />
      </div>
      <div {...APPLICATION} ref={box} onKeyDown={onKeyDown} {...pointer}>
        <canvas ref={canvas} />
        <canvas ref={overlay} className="overlay" />
        {typeof stage === 'string' && <p className="says-error" role="alert">{`The matrices cannot be drawn: ${stage}`}</p>}
        {placed.length === 2 && <SplitHandle at={placed[0].rect.width} width={size.width} />}
        <PaneBoxes placed={placed} statuses={statuses} />
        <CellGrid input={input} set={set} />
      </div>
      <FrameText />
    </div>
  );
}

/** Where the input's panes stand in a canvas of `size`, by the explorer's mode. */
function usePlacedPanes(input: ExplorerInput, size: Viewport): readonly PlacedPane[] {
  const { mode, splitAt, flickerShows } = useExplorer('mode', 'splitAt', 'flickerShows');
  return useMemo(() => placePanes({ mode, splitAt, flickerShows }, size, panesOf(input)), [mode, splitAt, flickerShows, size, input]);
}

function CpuNote() {
  return (
    <p className="cpu-note" role="status" data-testid="no-drawing">
      {CPU_DRAWS}
    </p>
  );
}

function PaneTitles({ placed, input }: { readonly placed: readonly PlacedPane[]; readonly input: ExplorerInput }) {
  return (
    <div className="pane-titles">
      {placed.map(({ id, rect }) => (
        <span key={id} className="pane-title" style={{ width: rect.width }} title={input.panes[id]?.name}>
          {input.panes[id]?.[rect.width < NARROW ? 'short' : 'name']}
        </span>
      ))}
    </div>
  );
}

/** An element per pane, where the canvas shows it: for notes and for tests. */
function PaneBoxes({ placed, statuses }: { readonly placed: readonly PlacedPane[]; readonly statuses: StatusSet }) {
  return placed.map(({ id, rect: { x, y, width, height } }) => (
    <div key={id} className={`pane pane-${id}`} data-testid={`pane-${id}`} style={{ left: x, top: y, width, height }}>
      <PaneState status={statuses[id]} />
    </div>
  ));
}

function PaneState({ status: { phase, share, error, extremes } }: { readonly status: StatusSet[PaneId] }) {
  if (error) return <p className="pane-note says-error">{error}</p>;
  if (phase === 'done' || (phase === 'counting' && extremes)) return null;
  return <span className="pane-note">{`${phase === 'empty' ? 'waiting' : phase} ${Math.round(share * 100)} %`}</span>;
}

/** The shared camera works in the first pane's frame: all frames have one size. */
function useViewport({ width, height }: { readonly width: number; readonly height: number }): void {
  useEffect(() => explorer.setState({ viewport: { width: Math.max(1, width), height: Math.max(1, height) } }), [width, height]);
}

/** New values or a new pyramid: draw again. */
function useRedraw(stage: ReturnType<typeof useStage>, statuses: StatusSet): void {
  const versions = PANES.map((id) => `${statuses[id].generation}/${statuses[id].pictured}/${statuses[id].loadedRows}`).join(' ');
  useEffect(() => {
    if (stage && typeof stage !== 'string') stage.invalidate();
  }, [stage, versions]);
}

function wantsLessMotion(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/** Flicker: before and after alternate in one pane, so that what changed jumps out. Whoever asked the system for less motion flips by hand. */
function useFlicker(): void {
  const mode = useStore(explorer, (state) => state.mode);
  useEffect(() => {
    if (mode !== 'flicker' || wantsLessMotion()) return;
    const timer = setInterval(nextFlicker, FLICKER_MS);
    return () => clearInterval(timer);
  }, [mode]);
}
