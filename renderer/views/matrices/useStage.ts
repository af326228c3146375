// Keeps a MatrixStage on a canvas in step with the explorer's state.
import { useEffect, useRef, useState, type RefObject } from 'react';
import type { Viewport } from '../../gl/camera';
import { MatrixStage, type Pane } from '../../gl/stage';
import { messageOf } from '../../state/notices';
import { cameraNow, explorer } from './explorer';

/** Size of an element in CSS pixels, followed as it changes. */
export function useSize(element: RefObject<HTMLElement | null>): Viewport {
  const [size, setSize] = useState<Viewport>({ width: 0, height: 0 });
  useEffect(() => {
    const target = element.current;
    if (!target) return;
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry.contentRect;
      setSize({ width: Math.floor(width), height: Math.floor(height) });
    });
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return size;
}

const NO_WEBGL =
  'WebGL 2 is missing here. Turn on hardware acceleration in the settings of the browser (in Chrome: Settings, System), update the graphics driver, or open the studio in another browser. All other stages work without it; the Export stage draws the same matrices as a figure.';

/** Whether this window can draw with WebGL 2 at all. */
function hasWebgl2(): boolean {
  return document.createElement('canvas').getContext('webgl2') !== null;
}

/** The stage on a canvas: null until mounted, an error text where WebGL2 is missing. */
export function useStage(canvas: RefObject<HTMLCanvasElement | null>): MatrixStage | string | null {
  const [stage, setStage] = useState<MatrixStage | string | null>(null);
  useEffect(() => {
    if (!canvas.current) return;
    try {
      const made = new MatrixStage(canvas.current, (frame) => explorer.setState({ frame }));
      setStage(made);
      return () => made.dispose();
    } catch (error) {
      setStage(hasWebgl2() ? messageOf(error) : NO_WEBGL);
      return undefined;
    }
  }, [canvas]);
  return stage;
}

/** Hands panes, size, rule, background and camera to the stage whenever they change. */
export function useStageInputs(stage: MatrixStage | string | null, panes: readonly Pane[], size: Viewport, background: number): void {
  const live = typeof stage === 'string' ? null : stage;
  useEffect(() => live?.setSize(size), [live, size]);
  useEffect(() => live?.setPanes(panes), [live, panes]);
  useEffect(() => live?.setBackground(background), [live, background]);
  const last = useRef(explorer.getState());
  useEffect(() => {
    if (!live) return;
    live.setRule(explorer.getState().rule);
    live.setCamera(cameraNow(), false);
    return explorer.subscribe((state) => {
      const before = last.current;
      last.current = state;
      if (state.rule !== before.rule) live.setRule(state.rule);
      if (state.camera !== before.camera) live.setCamera(cameraNow(), true);
      else if (state.size !== before.size || state.viewport !== before.viewport) live.setCamera(cameraNow(), false);
    });
  }, [live]);
}
