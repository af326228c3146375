// The translation-invariant part as a kernel: the projection of one channel pair over all displacements, before
// the merge, of what the branches add, and after; the last is the sum of the first two.
import { largestOf } from '@shared/base/extremes';
import { useEffect, useMemo } from 'react';
import { z } from 'zod';
import { useStore } from 'zustand';
import { useLook } from '../../../studio/looks';
import { attempt } from '../../../studio/notices';
import { choosePair, pairKernel, pairKey } from '../detail';
import { matricesKey, type AnalysedBlock } from '../pattern';
import { weights } from '../../../studio/network/weights';
import { NumberField } from '../../../ui/controls';
import { displacementAxes, HeatMap, ScaleBar } from '../../../ui/HeatMap';
import { Panel } from '../../../studio/Stage';
import type { PairKernels } from '../../../workers/analysis/protocol';
import { FigureButton } from '../FigureButton';
import { cellOfDisplacement, showCell } from '../../matrix';
import { MAP_SIZE, PART_TEXT, pictureOf } from '../picture';

const STAGES = ['before', 'added', 'after'] as const;

const CHANNEL = { stage: 'pattern', schema: z.number().int().nonnegative() } as const;

interface Props {
  readonly pattern: AnalysedBlock;
  /** First output channel of the group looked at. */
  readonly output: number;
}

export function Kernels({ pattern, output }: Props) {
  const { shape, path } = pattern;
  const about = `${matricesKey(
    useStore(weights, (state) => state.reference),
    path,
  )} ${output}`;
  const [outputChannel, setOutputChannel] = useLook({ ...CHANNEL, name: 'kernel-output', first: output, about });
  const [inputChannel, setInputChannel] = useLook({ ...CHANNEL, name: 'kernel-input', first: 0, about });
  const own = usePairKernels(path, outputChannel, inputChannel);
  return (
    <Panel
      title="Translation-invariant kernel"
      says="the nearest convolution of one channel pair: mean weight at each displacement, none in the middle"
      tools={<FigureButton kind="projection" change={{ outputChannel, inputChannel }} />}
      testId="kernels"
    >
      <div className="stack">
        <div className="row">
          <NumberField
            label="Output channel"
            value={outputChannel}
            min={0}
            max={shape.O - 1}
            onChange={setOutputChannel}
            testId="kernel-output"
          />
          <NumberField
            label="Input channel"
            hint="of its group"
            value={inputChannel}
            min={0}
            max={shape.channels - 1}
            onChange={setInputChannel}
            testId="kernel-input"
          />
        </div>
        {own && <KernelMaps pattern={pattern} output={outputChannel} input={inputChannel} kernels={own} />}
      </div>
    </Panel>
  );
}

/** The kernels of a channel pair of the weights in focus; null until they are there. */
function usePairKernels(path: string, output: number, input: number): PairKernels | null {
  const reference = useStore(weights, (state) => state.reference);
  const { key, kernels } = useStore(pairKernel);
  useEffect(() => {
    void attempt(() => choosePair(reference, path, output, input));
  }, [reference, path, output, input]);
  return key === pairKey(reference, path, output, input) ? kernels : null;
}

interface MapsProps extends Props {
  readonly input: number;
  readonly kernels: PairKernels;
}

function KernelMaps({ pattern: { path, shape }, output, input, kernels }: MapsProps) {
  const { h, w } = shape;
  const pictures = useMemo(
    () => STAGES.map((stage) => ({ stage, picture: pictureOf(kernels[stage], 2 * h - 1, 2 * w - 1) })),
    [kernels, h, w],
  );
  const limit = largestOf(
    pictures.flatMap(({ picture }) => [...picture.data].map(Math.abs)),
    1e-12,
  );
  const range = [-limit, limit] as const;
  const show = (y: number, x: number): void => showCell(path, shape, cellOfDisplacement(shape, output, y - h + 1, x - w + 1, input));
  return (
    <>
      <ScaleBar range={range} />
      <div className="arrays">
        {pictures.map(({ stage, picture }) => (
          <HeatMap
            key={stage}
            picture={picture}
            range={range}
            label={`Kernel, ${stage}`}
            size={MAP_SIZE}
            axes={displacementAxes(h, w)}
            onCell={show}
          >
            {PART_TEXT[stage]}
          </HeatMap>
        ))}
      </div>
    </>
  );
}
