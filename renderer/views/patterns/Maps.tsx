// Energy by displacement and by position as pictures; pictures that are compared share one scale.
import { useMemo } from 'react';
import type { BlockPattern } from '@shared/pattern/analyse';
import { pairCounts } from '@shared/pattern/displacement';
import { measured } from '../../ui/format';
import { HeatMap, ScaleBar, type Picture, type Range } from '../../ui/HeatMap';
import { Panel } from '../../ui/Stage';

const PARTS = [
  ['before', 'before'],
  ['added', 'added'],
  ['after', 'after'],
] as const;

/** Energy by displacement (dy, dx), per weight and relative to the mean, on a log scale; zero displacement is in the middle. */
export function DisplacementMaps({ pattern }: { readonly pattern: BlockPattern }) {
  const pictures = useMemo(() => PARTS.map(([part, label]) => ({ label, picture: displacementPicture(pattern, part) })), [pattern]);
  const range = finiteRange(pictures.map(({ picture }) => picture));
  return (
    <Panel
      title="Energy by displacement"
      says="per weight, relative to the mean; no displacement in the middle; darkest where there is none"
      tools={<ScaleBar range={range} scale="viridis" text={(power) => measured(10 ** power)} />}
    >
      <div className="arrays">
        {pictures.map(({ label, picture }) => (
          <HeatMap key={label} picture={picture} range={range} scale="viridis" label={`Energy by displacement, ${label}`} size={150}>
            {label}
          </HeatMap>
        ))}
      </div>
    </Panel>
  );
}

/** Where the layer writes and where it looks. */
export function PositionMapsPanel({ pattern }: { readonly pattern: BlockPattern }) {
  const { h, w } = pattern.shape;
  const pictures = useMemo(
    () =>
      (['before', 'after'] as const).flatMap((part) => {
        const { output, input, outputBorder, inputBorder } = pattern[part].positions;
        return [
          { label: `output, ${part}`, picture: pictureOf(output, h, w), border: outputBorder },
          { label: `input, ${part}`, picture: pictureOf(input, h, w), border: inputBorder },
        ];
      }),
    [pattern, h, w],
  );
  const range = [0, largestOf(pictures.map(({ picture }) => picture))] as const;
  return (
    <Panel
      title="Energy by position"
      says="relative to the mean; 1 everywhere is no preference"
      tools={<ScaleBar range={range} scale="viridis" />}
    >
      <div className="arrays">
        {pictures.map(({ label, picture, border }) => (
          <HeatMap key={label} picture={picture} range={range} scale="viridis" label={`Energy by ${label}`} size={120}>
            {label}
            {border !== null && <small>{`border ${measured(border)} of inside`}</small>}
          </HeatMap>
        ))}
      </div>
    </Panel>
  );
}

/** log10 of the energy per weight at each displacement, relative to the mean over all weights; -infinity where there is none. */
function displacementPicture({ shape, ...parts }: BlockPattern, part: 'before' | 'added' | 'after'): Picture {
  const { h, w } = shape;
  const counts = pairCounts(shape);
  const values = parts[part].byDisplacement.map((share, index) => Math.log10((share / counts[index]) * (h * w) ** 2));
  return pictureOf(values, 2 * h - 1, 2 * w - 1);
}

/** Smallest and largest finite value of pictures that share a scale. */
function finiteRange(pictures: readonly Picture[]): Range {
  const values = pictures.flatMap(({ data }) => [...data].filter(Number.isFinite));
  return [Math.min(0, ...values), Math.max(0, ...values)];
}

function pictureOf(values: ArrayLike<number>, rows: number, columns: number): Picture {
  return { rows, columns, data: Float32Array.from(values) };
}

function largestOf(pictures: readonly Picture[]): number {
  return Math.max(...pictures.map(({ data }) => data.reduce((largest, value) => Math.max(largest, value), 0)));
}
