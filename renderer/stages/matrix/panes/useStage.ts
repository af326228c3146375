// Keeps a MatrixStage on a canvas in step with the explorer's state.
import { useEffect, useRef, useState, type RefObject } from 'react';
import type { Viewport } from '@shared/matrix/camera';
import { GpuPainter } from '../../../gl/gpu-painter';
import { CpuPainter } from '../picture/cpu-painter';
import type { Pane } from '../picture/pane-tiles';
import { MatrixStage, type FrameInfo, type Stage } from '../picture/stage';
import { messageOf } from '@shared/base/message-of';
import { cameraNow, explorer } from '../explorer';

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

/** Whether this window can draw with WebGL 2 at all. */
function hasWebgl2(): boolean {
  return document.createElement('canvas').getContext('webgl2') !== null;
}

function stageOn(canvas: HTMLCanvasElement): Stage {
  const onFrame = (frame: FrameInfo): void => explorer.setState({ frame });
  return hasWebgl2()
    ? new MatrixStage((invalidate) => new GpuPainter(canvas, invalidate), onFrame)
    : new MatrixStage(() => new CpuPainter(canvas), onFrame);
}

const LOST = 'the graphics context was lost, as when the GPU is reset. The picture comes back as soon as the system gives it back.';

/**
 * The stage on a canvas, the CPU's where WebGL2 is missing: null until mounted, an error text where nothing can draw. A context
 * that is lost and comes back gets a stage of its own: nothing of the old one, its textures and its clipping, holds any more.
 */
export function useStage(canvas: RefObject<HTMLCanvasElement | null>): Stage | string | null {
  const [stage, setStage] = useState<Stage | string | null>(null);
  useEffect(() => {
    const { current } = canvas;
    if (!current) return;
    let made: Stage | null = null;
    const end = (): void => {
      made?.dispose();
      made = null;
    };
    const begin = (): void => {
      try {
        made = stageOn(current);
        setStage(made);
      } catch (error) {
        setStage(messageOf(error));
      }
    };
    const lose = (event: Event): void => {
      // Without this it never comes back.
      event.preventDefault();
      end();
      setStage(LOST);
    };
    begin();
    current.addEventListener('webglcontextlost', lose);
    current.addEventListener('webglcontextrestored', begin);
    return () => {
      current.removeEventListener('webglcontextlost', lose);
      current.removeEventListener('webglcontextrestored', begin);
      end();
    };
  }, [canvas]);
  return stage;
}

/** Hands panes, size, rule, background and camera to the stage whenever they change. */
export function useStageInputs(stage: Stage | string | null, panes: readonly Pane[], size: Viewport, background: number): void {
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
      else if (
        state.size !== before.size ||
        state.viewport !== before.viewport ||
        state.mode !== before.mode ||
        state.whole !== before.whole
      )
        live.setCamera(cameraNow(), false);
    });
  }, [live]);
}
