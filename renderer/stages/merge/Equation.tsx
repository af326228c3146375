// A step's equation on screen: arrays at sizes at which their cells can be seen, each on a scale of its own or all on one,
// the signs between them; what the step makes is framed, cells it left alone are faded.
import { largestOf } from '@shared/base/extremes';
import { useMemo } from 'react';
import { shapeText } from '@shared/tensor/tensor';
import { measured } from '../../ui/format';
import { HeatMap, ScaleBar, type Picture, type Range } from '../../ui/HeatMap';
import { equationOf, type ArrayTerm, type ShownStep, type Term } from '@shared/merge/equation';

/** Longest sides on screen, in CSS pixels. */
const SIZES = { matrix: 280, kernel: 220, vector: 200 } as const;

export type Scaling = 'own' | 'one';

export function Equation({ step, scaling }: { readonly step: ShownStep; readonly scaling: Scaling }) {
  const lines = useMemo(() => equationOf(step), [step]);
  const shared = scaling === 'one' ? sharedLimits(lines.flat()) : null;
  return (
    <div className="equation" data-testid="step-arrays">
      {lines.map((line, n) => (
        <div key={n} className="equation-line" role="group" aria-label={lineText(line)}>
          {line.map((term, k) =>
            term.kind === 'sign' ? (
              <span key={k} className={term.text.length > 1 ? 'sign words' : 'sign'}>
                {term.text}
              </span>
            ) : (
              <OneArray key={k} term={term} shared={shared} />
            ),
          )}
        </div>
      ))}
    </div>
  );
}

/** Weights are compared with weights, factors and biases with their like: a factor of 2 would leave matrices of 0.1 blank. */
interface Limits {
  readonly weights: number;
  readonly vectors: number;
}

function sharedLimits(terms: readonly Term[]): Limits {
  const largest = (vectors: boolean): number =>
    largestOf(
      terms.flatMap((term) => (term.kind === 'array' && isVector(term) === vectors ? [term.array.picture.largest] : [])),
      0,
    );
  return { weights: largest(false), vectors: largest(true) };
}

function isVector({ array }: ArrayTerm): boolean {
  return array.shape.length === 1;
}

function OneArray({ term, shared }: { readonly term: ArrayTerm; readonly shared: Limits | null }) {
  const { array, made, upright, kept } = term;
  const { label, shape, picture } = array;
  const vector = isVector(term);
  const limit = shared ? (vector ? shared.vectors : shared.weights) : picture.largest;
  const range: Range = [-limit, limit];
  return (
    <div className={made ? 'term made' : 'term'}>
      <HeatMap
        picture={upright ? transposed(picture) : picture}
        range={range}
        label={`${label}, ${shapeText(shape)}`}
        size={SIZES[upright || shape.length === 2 ? 'matrix' : vector ? 'vector' : 'kernel']}
        thick={vector ? 14 : undefined}
        faded={kept ?? undefined}
      >
        {label}
        <small>
          {`${shapeText(shape)}, largest ${measured(picture.largest)}`}
          {picture.factor > 1 && `; each pixel is the strongest of ${picture.factor}×${picture.factor} cells`}
        </small>
        {kept && <small>pale: no change</small>}
      </HeatMap>
      <ScaleBar range={range} />
    </div>
  );
}

/** A row as a column. */
function transposed({ rows, columns, data }: Picture): Picture {
  return { rows: columns, columns: rows, data };
}

/** The equation read aloud. */
function lineText(line: readonly Term[]): string {
  return line.map((term) => (term.kind === 'sign' ? term.text : term.array.label)).join(' ');
}
