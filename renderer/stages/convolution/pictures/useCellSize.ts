// How large a cell of a picture is on screen, followed as the window changes.
import { useEffect, useState, type RefObject } from 'react';

/** Side of a cell in CSS pixels; 0 before it was measured. */
export function useCellSize(box: RefObject<HTMLElement | null>, cells: number): number {
  const [size, setSize] = useState(0);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(([{ contentRect }]) => setSize(contentRect.width / cells));
    observer.observe(element);
    return () => observer.disconnect();
  }, [box, cells]);
  return size;
}
