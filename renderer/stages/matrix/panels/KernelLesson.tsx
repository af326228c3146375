// A 3 x 3 kernel to play with: its matrix is computed from it at every change, so that one weight is seen to
// be one family of diagonals (index form, section 3.3 of arXiv 2105.01883).
import { largestOf } from '@shared/base/extremes';
import { useMemo, useState } from 'react';
import { useLook } from '../../../studio/looks';
import { z } from 'zod';
import { useStore } from 'zustand/react';
import { convToFc } from '@shared/merge/mathematics/fc-matrix';
import { defaultScale } from '@shared/colour/colouring';
import { theme } from '../../../studio/theme';
import { signedMap } from '../explorer';
import { MapCanvas, type Mark } from './MapCanvas';

const K = 3;
const START = [0, -1, 0, -1, 4, -1, 0, -1, 0];

/** The (h*w) x (h*w) matrix of a one-channel K x K kernel with zero padding. */
export function lessonMatrix(kernel: readonly number[], side: number): Float32Array {
  const shape = { O: 1, channels: 1, h: side, w: side };
  return convToFc({ O: 1, channels: 1, K, weight: Float64Array.from(kernel), bias: new Float64Array(1) }, shape);
}

const KERNEL = {
  stage: 'matrix',
  name: 'lesson-kernel',
  schema: z.array(z.number()).length(K * K),
  first: START as readonly number[],
} as const;
const SIDE = { stage: 'matrix', name: 'lesson-side', schema: z.number(), first: 6 as number } as const;

export function KernelLesson() {
  const [kernel, setKernel] = useLook(KERNEL);
  const [side, setSide] = useLook(SIDE);
  const [held, setHeld] = useState<number | null>(null);
  const matrix = useMemo(() => lessonMatrix(kernel, side), [kernel, side]);
  const dark = useStore(theme, ({ shown }) => shown === 'dark');
  const scale = useMemo(
    () => ({ ...defaultScale(largestOf(kernel.map(Math.abs), 1e-6)), map: signedMap(), markClipped: false }),
    [kernel, dark],
  );
  const cells = side * side;
  const filled = matrix.filter((value) => value !== 0).length;
  const marks = held === null ? [] : diagonalMarks(held, side);
  return (
    <div className="panel-stack" data-testid="panel-lesson">
      <h2>One 3 x 3 kernel, as a matrix</h2>
      <KernelInputs kernel={kernel} onChange={setKernel} onHold={setHeld} />
      <label className="field">
        <span>{`Map ${side} x ${side}, matrix ${cells} x ${cells}`}</span>
        <input type="range" min={3} max={10} value={side} onChange={(event) => setSide(Number(event.target.value))} />
      </label>
      <MapCanvas label={AXES} values={matrix} rows={cells} columns={cells} scale={scale} width={290} marks={marks} />
      <p className="faint" data-testid="lesson-filled">
        {`${filled} of ${cells * cells} weights are not zero; a fully-connected layer may use them all.`}
      </p>
    </div>
  );
}

const AXES = 'row: output position, column: input position';

interface KernelInputsProps {
  readonly kernel: readonly number[];
  readonly onChange: (kernel: readonly number[]) => void;
  /** The weight that has the focus, null when none has. */
  readonly onHold: (k: number | null) => void;
}

function KernelInputs({ kernel, onChange, onHold }: KernelInputsProps) {
  const take = (k: number, text: string) => {
    const value = Number(text);
    if (text !== '' && Number.isFinite(Math.fround(value))) onChange(kernel.map((old, at) => (at === k ? value : old)));
  };
  return (
    <div className="lesson-kernel">
      {kernel.map((value, k) => (
        <input
          key={k}
          type="number"
          step="0.5"
          defaultValue={value}
          aria-label={`Kernel weight, row ${Math.floor(k / K)}, column ${k % K}`}
          data-testid={`lesson-${Math.floor(k / K)}-${k % K}`}
          onChange={(event) => take(k, event.target.value)}
          onFocus={() => onHold(k)}
          onBlur={({ target }) => {
            // What is no number was not taken: the weight that is shown in the matrix stands there again.
            target.value = String(value);
            onHold(null);
          }}
        />
      ))}
    </div>
  );
}

/** Outlines of the cells that hold kernel weight k. */
function diagonalMarks(k: number, side: number): Mark[] {
  const only = lessonMatrix(
    START.map((_, at) => (at === k ? 1 : 0)),
    side,
  );
  const cells = side * side;
  return [...only].flatMap((value, at) =>
    value === 0 ? [] : [{ row: Math.floor(at / cells), column: at % cells, rows: 1, columns: 1, color: '#ffd400' }],
  );
}
