// Where the merged kernels of a file of an unknown network look: each as the matrix it is on a map of the size that is chosen.
import { useEffect } from 'react';
import { z } from 'zod';
import { useStore } from 'zustand';
import { MAP_ASSUMPTION } from '@shared/merge/kernel-matrix';
import { placeText } from '@shared/merge/recipes/summaries';
import type { ListedKernel, OpenedCheckpoint } from '@shared/link/studio';
import type { KernelPattern } from '@shared/pattern/kernel-pattern';
import { looksAround } from '@shared/pattern/kernel-pattern';
import { shapeText } from '@shared/tensor/tensor';
import { kernelMapSize } from '../../../studio/families/kernels';
import { NoKernels } from '../../../studio/families/NoKernels';
import { MapField } from '../../../studio/families/MapField';
import { useKernels } from '../../../studio/families/useKernels';
import { weights } from '../../../studio/network/weights';
import { useLook } from '../../../studio/looks';
import { attempt } from '../../../studio/notices';
import { connection } from '../../../studio/studio';
import { Panel } from '../../../studio/Stage';
import { analyseKernels, kernelPatterns, patternsKey, stopKernels } from './kernel-patterns';
import { KernelDetail } from './KernelDetail';
import { KernelTable } from './KernelTable';

export function KernelPatterns({ file }: { readonly file: OpenedCheckpoint }) {
  const { found, problem } = useKernels();
  if (problem !== null) return <NoKernels file={file} problem={problem} />;
  if (found === null) return <p className="faint">Looking for the layers of its groups</p>;
  const around = found.kernels.filter(({ shape }) => looksAround(shape));
  if (around.length === 0)
    return (
      <p className="empty" data-testid="no-kernels">
        {`${found.fileName} has no merged kernel larger than 1x1: its ${found.kernels.length === 1 ? 'layer looks' : 'layers look'} at one place each.`}
      </p>
    );
  return <Around kernels={around} others={found.kernels.length - around.length} />;
}

/** The merged kernel that is looked at; one that another file lacks gives way to its first. */
const KERNEL = { stage: 'pattern', name: 'kernel', schema: z.string() } as const;

interface AroundProps {
  readonly kernels: readonly ListedKernel[];
  /** Layers that look at one place. */
  readonly others: number;
}

function Around({ kernels, others }: AroundProps) {
  const { reference, reading } = useStore(weights);
  const connected = useStore(connection, ({ client }) => client !== null);
  const { text } = useStore(kernelMapSize);
  const state = useStore(kernelPatterns);
  const [chosen, setChosen] = useLook({ ...KERNEL, first: kernels[0].name });
  const own = kernels.find(({ name }) => name === chosen) ?? kernels[0];
  useEffect(() => {
    if (connected) void attempt(() => analyseKernels([own]));
  }, [connected, reference, reading, text, own]);
  const known: ReadonlyMap<string, KernelPattern> =
    state.key === patternsKey(reference, reading, text) ? state.byName : new Map<string, KernelPattern>();
  const pattern = known.get(own.name);
  return (
    <>
      <Panel title="Merged kernels" says={saysOf(kernels.length, others)} tools={<Tools kernels={kernels} />} testId="kernel-patterns">
        <div className="stack">
          <div className="row">
            <KernelChoice kernels={kernels} chosen={own.name} onChoose={setChosen} />
            <MapField
              text={text}
              usual="usual"
              says="positions of the map that every merged kernel is seen on"
              onTake={(size) => kernelMapSize.setState({ text: size })}
              testId="pattern-map"
            />
          </div>
          <p className="faint" data-testid="pattern-assumed">{`Assumed, as no weights tell it: ${MAP_ASSUMPTION}.`}</p>
          <Progress />
        </div>
      </Panel>
      {pattern && <KernelDetail key={own.name} pattern={pattern} />}
      {known.size > 0 && <KernelTable kernels={kernels} known={known} focus={own.name} onChoose={setChosen} />}
    </>
  );
}

function Progress() {
  const { problem, busy } = useStore(kernelPatterns);
  return (
    <>
      {problem && (
        <p className="says-error" role="alert">
          {problem}
        </p>
      )}
      {busy && <p className="faint" role="status">{`Analysing ${busy.name}, ${busy.done + 1} of ${busy.total}`}</p>}
    </>
  );
}

function saysOf(count: number, others: number): string {
  const rest = others === 0 ? '' : `; ${others} more ${others === 1 ? 'layer looks' : 'layers look'} at one place each`;
  return `${count} of the file's groups, once merged${rest}`;
}

function Tools({ kernels }: Pick<AroundProps, 'kernels'>) {
  const busy = useStore(kernelPatterns, (state) => state.busy !== null);
  if (busy)
    return (
      <button type="button" className="button" onClick={stopKernels}>
        Stop
      </button>
    );
  return (
    <button type="button" className="button" data-testid="analyse-kernels" onClick={() => void attempt(() => analyseKernels(kernels))}>
      Analyse all
    </button>
  );
}

interface ChoiceProps extends Pick<AroundProps, 'kernels'> {
  readonly chosen: string;
  readonly onChoose: (name: string) => void;
}

function KernelChoice({ kernels, chosen, onChoose }: ChoiceProps) {
  return (
    <label className="row">
      kernel
      <select data-testid="pattern-kernel" value={chosen} onChange={(event) => onChoose(event.target.value)}>
        {kernels.map(({ name, path, shape, recipe }) => (
          <option key={name} value={name}>
            {`${placeText(path)}, ${shapeText(shape)} (${recipe})`}
          </option>
        ))}
      </select>
    </label>
  );
}
