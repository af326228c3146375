// The handle of the split slider: left of it before, right of it after.
import type { KeyboardEvent, PointerEvent } from 'react';
import { explorer } from '../explorer';

const STEP = 0.02;

function moveTo(splitAt: number): void {
  explorer.setState({ splitAt: Math.min(0.98, Math.max(0.02, splitAt)) });
}

export function SplitHandle({ at, width }: { readonly at: number; readonly width: number }) {
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    event.stopPropagation();
    const box = event.currentTarget.parentElement?.getBoundingClientRect();
    if (event.buttons === 1 && box) moveTo((event.clientX - box.left) / box.width);
  };
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (direction === undefined) return;
    event.stopPropagation();
    moveTo(at / width + direction * STEP);
  };
  return (
    <div
      className="split-handle"
      role="slider"
      tabIndex={0}
      aria-label="Split between before and after"
      aria-valuenow={Math.round((at / Math.max(width, 1)) * 100)}
      data-testid="split-handle"
      style={{ left: at }}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={(event) => event.stopPropagation()}
      onKeyDown={onKeyDown}
    />
  );
}
