// Flicker: before and after alternate in one pane, so that what changed jumps out. Whoever asked the system
// for less motion flips by hand.
import { useEffect } from 'react';
import { useStore } from 'zustand/react';
import { explorer, nextFlicker } from '../explorer';

const FLICKER_MS = 700;

export function wantsLessMotion(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

export function useFlicker(): void {
  const mode = useStore(explorer, (state) => state.mode);
  useEffect(() => {
    if (mode !== 'flicker' || wantsLessMotion()) return;
    const timer = setInterval(nextFlicker, FLICKER_MS);
    return () => clearInterval(timer);
  }, [mode]);
}
