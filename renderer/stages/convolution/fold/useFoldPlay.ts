// How far the fold is, moved by hand or by itself. On its way it is the view's own; where it comes to rest, it is the scene's.
import { useEffect, useState } from 'react';
import { changeScene } from '../scene';

/** From end to end. */
const MILLISECONDS = 5000;

interface FoldPlay {
  readonly unfolded: number;
  readonly move: (unfolded: number) => void;
  readonly playing: boolean;
  /** To the other end, or stops on the way; at once where less motion is asked for. */
  readonly play: () => void;
}

export function useFoldPlay(rest: number): FoldPlay {
  const [way, setWay] = useState<{ readonly from: number; readonly to: 0 | 1; readonly start: number } | null>(null);
  const [at, setAt] = useState(rest);
  useEffect(() => {
    if (way === null) return;
    let frame = requestAnimationFrame(function go(now: number) {
      const gone = Math.max(0, now - way.start) / MILLISECONDS;
      const next = way.to === 1 ? Math.min(1, way.from + gone) : Math.max(0, way.from - gone);
      setAt(next);
      if (next === way.to) return arrive(next);
      frame = requestAnimationFrame(go);
    });
    return () => cancelAnimationFrame(frame);
  }, [way]);
  const arrive = (unfolded: number): void => {
    setWay(null);
    changeScene({ unfolded });
  };
  const play = (): void => {
    const from = way ? at : rest;
    if (way) return arrive(at);
    const to = from < 1 ? 1 : 0;
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return arrive(to);
    setAt(from);
    setWay({ from, to, start: performance.now() });
  };
  return { unfolded: way ? at : rest, move: arrive, playing: way !== null, play };
}
