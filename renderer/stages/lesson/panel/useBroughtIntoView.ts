// What an answer brings about (feedback, a hint, the truth beside a prediction) may stand below the edge of the panel: it is brought
// into view. Invariant: nothing is scrolled when a step is opened, only when something has come.
import { useEffect, useRef, type RefObject } from 'react';

/** A reference to the place that is scrolled into view each time `come`, a count of what was said there, has grown. */
export function useBroughtIntoView<Place extends HTMLElement>(come: number): RefObject<Place | null> {
  const place = useRef<Place>(null);
  const before = useRef(come);
  useEffect(() => {
    if (come > before.current) place.current?.scrollIntoView({ block: 'nearest' });
    before.current = come;
  }, [come]);
  return place;
}
