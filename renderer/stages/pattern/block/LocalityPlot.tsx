// Energy per weight against distance, before and after merging, with what chance and a pure convolution give.
import { useMemo } from 'react';
import type { BlockPattern } from '@shared/pattern/analyse';
import { Plot, type PlotSeries } from '../../../ui/Plot';
import { Panel } from '../../../studio/Stage';
import { FigureButton } from '../FigureButton';
import { cellAtDistance, showCell } from '../../matrix';

interface Props {
  readonly pattern: BlockPattern;
  /** Output channel (share-set) whose cells the plot leads to. */
  readonly output: number;
}

export function LocalityPlot({ pattern, output }: Props) {
  const series = useMemo(() => seriesOf(pattern), [pattern]);
  return (
    <Panel
      title="Locality profile"
      says="mean squared weight by distance between input and output pixel, relative to the mean over all weights; 1 everywhere is no locality"
      tools={<FigureButton kind="locality" />}
      testId="locality"
    >
      <Plot
        series={series}
        xLabel="distance in pixels"
        yLabel="relative energy"
        logY
        testId="locality-plot"
        height={260}
        onPick={(distance) => showCell(pattern.path, pattern.shape, cellAtDistance(pattern.shape, output, distance))}
      />
    </Panel>
  );
}

function seriesOf({ before, added, after, baselines }: BlockPattern): PlotSeries[] {
  const profile = (label: string, colour: string, values: readonly number[], dashed = false): PlotSeries => ({
    label,
    colour,
    dashed,
    points: !dashed,
    x: values.map((_, distance) => distance),
    y: values,
  });
  return [
    profile('before', '--train', before.locality.densityByDistance),
    ...(added.energy > 0 ? [profile('added by the branches', '--rep', added.locality.densityByDistance)] : []),
    profile('after', '--merged', after.locality.densityByDistance),
    profile('random weights', '--ink-faint', baselines.random.densityByDistance, true),
    ...(baselines.convolution ? [profile('pure convolution', '--good', baselines.convolution.densityByDistance, true)] : []),
  ];
}
