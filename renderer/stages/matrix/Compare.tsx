// What is compared: the block before and after its merge, or the merged block of two sets of weights (two
// checkpoints, epochs or layers), or one weight of both; and the slider over a run's epochs.
import { useEffect, useState } from 'react';
import { useStore } from 'zustand/react';
import type { ListedRun, WeightsReference } from '@shared/link/studio';
import type { CheckpointRecord } from '@shared/run/run';
import { compareWith as holdAgainst } from '../../studio/network/comparison';
import { attempt } from '../../studio/notices';
import { trainCheckpoints } from '../../studio/runs/listed-checkpoints';
import { runs } from '../../studio/runs/runs';
import { studio } from '../../studio/studio';
import { BUNDLED, followWeights, keyOf, labelOf, weights } from '../../studio/network/weights';
import { Choice } from '../../ui/controls';
import { explorer } from './explorer';
import { compareWithWeights } from './follow-comparison';

const BEFORE_AFTER = 'before and after';

export function OtherChoice() {
  const { tensor, opened } = useStore(weights);
  const list = useStore(runs, (state) => state.list);
  const other = useStore(explorer, (state) => state.other);
  const choices = [
    BUNDLED,
    ...opened.map(({ id }): WeightsReference => ({ kind: 'file', id })),
    ...list.flatMap(({ name, checkpoints }) =>
      trainCheckpoints({ name, checkpoints }, other ? keyOf(other.reference) : '').map((checkpoint) => runReference(name, checkpoint)),
    ),
  ];
  const choose = (key: string) => void attempt(() => compareWith(choices.find((choice) => keyOf(choice) === key)));
  return (
    <Choice
      label="Compare with"
      value={other ? keyOf(other.reference) : BEFORE_AFTER}
      options={[
        [BEFORE_AFTER, tensor === null ? 'before, after' : 'nothing'],
        ...choices.map((choice) => [keyOf(choice), labelOf(choice, opened)] as const),
      ]}
      onChange={choose}
      testId="matrices-other"
    />
  );
}

/** Which block of B is held against the one of A; nothing where a weight is, which has the same name in both. */
export function OtherBlock() {
  const tensor = useStore(weights, (state) => state.tensor);
  const other = useStore(explorer, (state) => state.other);
  if (!other || tensor !== null) return null;
  return (
    <Choice
      label="Block of B"
      value={other.block}
      options={other.blocks.map((path) => [path, path === '' ? '(the network)' : path] as const)}
      onChange={(chosen) => explorer.setState({ other: { ...other, block: chosen } })}
      testId="matrices-other-block"
    />
  );
}

/** Makes other weights network B; undefined looks at A by itself, B stays. Weights without a block leave it as it is. */
async function compareWith(reference: WeightsReference | undefined): Promise<void> {
  if (!reference) return explorer.setState({ other: null, lit: null });
  const blocks = await studio().merge.blocks({ weights: reference });
  const { tensor, opened } = weights.getState();
  if (blocks.length === 0 && tensor === null)
    throw new Error(`${labelOf(reference, opened)} holds no RepMLP block to compare with: choose other weights, or a weight above.`);
  holdAgainst({ kind: 'weights', reference });
  await compareWithWeights(reference);
}

function trainForm(checkpoints: readonly CheckpointRecord[]): ListedRun['checkpoints'] {
  return checkpoints.filter(({ form }) => form === 'train');
}

function runReference(run: string, { file }: CheckpointRecord): WeightsReference {
  return { kind: 'run', run, checkpoint: file };
}

/** A slider over the epochs of the run in focus: the matrix it would merge to at each; can follow a training. */
export function EpochScrubber() {
  const { reference } = useStore(weights);
  const list = useStore(runs, (state) => state.list);
  const [follow, setFollow] = useState(false);
  const run = reference.kind === 'run' ? list.find(({ name }) => name === reference.run) : undefined;
  const checkpoints = run ? trainForm(run.checkpoints) : [];
  const newest = checkpoints[checkpoints.length - 1]?.file;
  useEffect(() => {
    if (follow && run && newest !== undefined) showEpoch(run.name, newest);
  }, [follow, newest]);
  if (reference.kind !== 'run' || !run || checkpoints.length === 0) return null;
  const at = checkpoints.findIndex(({ file }) => file === reference.checkpoint);
  return (
    <div className="field epoch-scrubber">
      <span>{`Epoch ${checkpoints[at]?.epoch ?? '?'} of ${checkpoints[checkpoints.length - 1].epoch}`}</span>
      <input
        type="range"
        min={0}
        max={checkpoints.length - 1}
        value={Math.max(at, 0)}
        aria-label="Epoch"
        data-testid="matrices-epoch"
        onChange={(event) => {
          setFollow(false);
          showEpoch(run.name, checkpoints[Number(event.target.value)].file);
        }}
      />
      <label>
        <input type="checkbox" checked={follow} data-testid="matrices-follow" onChange={(event) => setFollow(event.target.checked)} />{' '}
        follow the newest
      </label>
    </div>
  );
}

/** Puts another checkpoint of a run in focus, staying on the block or weight. */
function showEpoch(run: string, checkpoint: string): void {
  const next: WeightsReference = { kind: 'run', run, checkpoint };
  if (keyOf(next) !== keyOf(weights.getState().reference)) followWeights(next);
}
