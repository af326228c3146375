// One merged kernel on its map: energy by displacement, energy by distance beside chance, and the headline numbers.
import { useMemo } from 'react';
import { placeText } from '@shared/merge/recipes/summaries';
import { pairCounts } from '@shared/pattern/displacement';
import { shapeOfPattern, type KernelPattern } from '@shared/pattern/kernel-pattern';
import { localityBaselines } from '@shared/pattern/locality';
import { shapeText } from '@shared/tensor/tensor';
import type { AskedFigure } from '../../../studio/asked-figure';
import { SaveFigureButton } from '../../../studio/SaveFigureButton';
import { figureSource, weights } from '../../../studio/network/weights';
import { Panel } from '../../../studio/Stage';
import { measured } from '../../../ui/format';
import { displacementAxes, HeatMap, ScaleBar } from '../../../ui/HeatMap';
import { Plot, type PlotSeries } from '../../../ui/Plot';
import { finiteRange, pictureOf } from '../picture';

const SIZE = 240;

export function KernelDetail({ pattern }: { readonly pattern: KernelPattern }) {
  const { path, kernel, map } = pattern;
  return (
    <Panel
      title={placeText(path)}
      says={`${shapeText(kernel)}, as the matrix it is on a map of ${map.join('x')}`}
      tools={<SaveFigure pattern={pattern} />}
      testId="kernel-detail"
    >
      <div className="kernel-detail">
        <Displacements pattern={pattern} />
        <Distances pattern={pattern} />
      </div>
    </Panel>
  );
}

function SaveFigure({ pattern: { path, map } }: { readonly pattern: KernelPattern }) {
  const asked = (): AskedFigure => {
    const source = { ...figureSource(weights.getState().reference), layer: path };
    return { kind: 'kernel-patterns', change: { source, map: [map[0], map[1]] } };
  };
  return <SaveFigureButton testId="figure-of-kernel-patterns" what="this kernel's patterns" asked={asked} />;
}

/** Energy per weight at each displacement, relative to the mean over all weights, on a log scale; none is in the middle. */
function Displacements({ pattern }: { readonly pattern: KernelPattern }) {
  const [h, w] = pattern.map;
  const picture = useMemo(() => {
    const counts = pairCounts(shapeOfPattern(pattern));
    const values = pattern.after.byDisplacement.map((share, at) => Math.log10((share / counts[at]) * (h * w) ** 2));
    return pictureOf(values, 2 * h - 1, 2 * w - 1);
  }, [pattern, h, w]);
  const range = finiteRange([picture]);
  return (
    <div className="map-figure" data-testid="kernel-displacements">
      <ScaleBar range={range} scale="viridis" text={(power) => measured(10 ** power)} />
      <HeatMap picture={picture} range={range} scale="viridis" label="Energy by displacement" size={SIZE} axes={displacementAxes(h, w)}>
        energy by displacement
      </HeatMap>
    </div>
  );
}

function Distances({ pattern }: { readonly pattern: KernelPattern }) {
  const series = useMemo(() => seriesOf(pattern), [pattern]);
  return (
    <div className="kernel-plot">
      <Plot series={series} xLabel="distance in pixels" yLabel="relative energy" logY testId="kernel-locality" height={SIZE} />
    </div>
  );
}

function seriesOf(pattern: KernelPattern): PlotSeries[] {
  const [, , K, L] = pattern.kernel;
  const { random, convolution } = localityBaselines(shapeOfPattern(pattern), Math.max(K, L));
  const line = (label: string, colour: string, values: readonly number[], dashed = false): PlotSeries => ({
    ...{ label, colour, dashed, points: !dashed },
    x: values.map((_, distance) => distance),
    y: values,
  });
  return [
    line('merged kernel', '--merged', pattern.after.locality.densityByDistance),
    line('random weights', '--ink-faint', random.densityByDistance, true),
    ...(convolution ? [line(`any ${K}x${L} kernel, on average`, '--good', convolution.densityByDistance, true)] : []),
  ];
}
