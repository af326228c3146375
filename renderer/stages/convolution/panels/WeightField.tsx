// A weight as a field: typed, stepped by the arrow keys, or dragged up and down. What is no number is not taken over and said to be
// none; it is gone when the field is left.
import { useRef, useState, type PointerEvent } from 'react';
import { hex, isLight, type Rgb } from '@shared/colour/table';

interface WeightFieldProps {
  readonly label: string;
  readonly testId: string;
  readonly value: number;
  readonly colour: Rgb;
  /** Decimals that the field has room for; the whole number is said beside it. */
  readonly decimals: number;
  readonly ringed: boolean;
  readonly onFocus: () => void;
  readonly onChange: (value: number) => void;
}

/** Pixels of a drag that change a weight by one step, and the step. */
const PIXELS = 8;
const STEP = 0.5;
/** Magnitude up to which a scene takes weights. */
const MOST = 1e6;

export function WeightField({ label, testId, value, colour, decimals, ringed, onFocus, onChange }: WeightFieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const drag = useDrag(value, (next) => {
    setTyped(null);
    onChange(next);
  });
  const take = (text: string): void => {
    setTyped(text);
    if (isWeight(text)) onChange(Number(text));
  };
  const refused = typed !== null && !isWeight(typed);
  return (
    <input
      type="number"
      className={ringed ? 'weight ringed' : 'weight'}
      step={STEP}
      value={typed ?? Number(value.toFixed(decimals))}
      style={{ background: hex(colour), color: isLight(colour) ? '#000000' : '#ffffff' }}
      aria-label={label}
      aria-invalid={refused}
      title={
        refused ? `This takes a number up to ${MOST}; ${value} is kept` : `${value}: type, step with the arrow keys, or drag up and down`
      }
      data-testid={testId}
      onFocus={onFocus}
      onBlur={() => setTyped(null)}
      onChange={({ target }) => take(target.value)}
      {...drag}
    />
  );
}

function isWeight(text: string): boolean {
  return text.trim() !== '' && Math.abs(Number(text)) <= MOST;
}

/** A drag up makes it larger, a step for every few pixels. */
function useDrag(value: number, onChange: (value: number) => void) {
  const start = useRef<{ readonly y: number; readonly value: number } | null>(null);
  const end = (): void => void (start.current = null);
  return {
    onPointerDown: (event: PointerEvent<HTMLInputElement>) => {
      start.current = { y: event.clientY, value };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: ({ clientY }: PointerEvent) => {
      if (!start.current) return;
      const steps = Math.round((start.current.y - clientY) / PIXELS);
      const next = Math.max(-MOST, Math.min(MOST, start.current.value + steps * STEP));
      if (next !== value) onChange(next);
    },
    onPointerUp: end,
    onPointerCancel: end,
  };
}
