// Children that appear one after the other, each in a task of its own, so that a stage of many pictures never
// holds the window still; those that are there stay.
import { Children, useEffect, useState, type ReactNode } from 'react';

export function OneByOne({ children }: { readonly children: ReactNode }) {
  const all = Children.toArray(children);
  const [shown, setShown] = useState(1);
  useEffect(() => {
    if (shown > all.length) setShown(Math.max(1, all.length));
    if (shown >= all.length) return;
    // A frame is painted before the next child is made: a timer alone may come before it.
    let timer: ReturnType<typeof setTimeout> | undefined;
    const frame = requestAnimationFrame(() => (timer = setTimeout(() => setShown(shown + 1), 0)));
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [shown, all.length]);
  return all.slice(0, shown);
}
