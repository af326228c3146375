// Which weights a stage looks at: bundled, opened files, checkpoints of runs; and the block in focus.
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { WeightsReference } from '@shared/link/studio';
import { attempt } from './notices';
import { runs } from './runs';
import { connection } from './studio';
import { BUNDLED, chooseWeights, focusBlock, keyOf, labelOf, loadBlocks, weights } from './weights';

interface WeightsPickerProps {
  readonly withBlock?: boolean;
  /** Also the merged weights of runs, which have no branches to look at. */
  readonly withMerged?: boolean;
}

export function WeightsPicker({ withBlock = false, withMerged = false }: WeightsPickerProps) {
  const connected = useStore(connection, (state) => state.client !== null);
  const { reference, inFocus, opened } = useStore(weights);
  const list = useStore(runs, (state) => state.list);
  useEffect(() => {
    if (connected && withBlock && inFocus) void attempt(loadBlocks);
  }, [connected, withBlock, reference, inFocus]);
  const choices: readonly WeightsReference[] = [
    BUNDLED,
    ...opened.map(({ id }): WeightsReference => ({ kind: 'file', id })),
    ...list.flatMap(({ name, checkpoints }) =>
      checkpoints
        .map(({ file, form }) => ({ form, checkpoint: { kind: 'run', run: name, checkpoint: file } satisfies WeightsReference }))
        .filter(({ form, checkpoint }) => form === 'train' || withMerged || keyOf(checkpoint) === keyOf(reference))
        .map(({ checkpoint }) => checkpoint),
    ),
  ];
  const choose = (key: string) => {
    const chosen = choices.find((choice) => keyOf(choice) === key);
    if (chosen) chooseWeights(chosen);
  };
  return (
    <>
      <select
        aria-label="Weights"
        data-testid="weights-picker"
        value={inFocus ? keyOf(reference) : ''}
        onChange={(event) => choose(event.target.value)}
      >
        {!inFocus && <option value="">no weights yet</option>}
        {choices.map((choice) => (
          <option key={keyOf(choice)} value={keyOf(choice)}>
            {labelOf(choice, opened)}
          </option>
        ))}
      </select>
      {withBlock && <BlockPicker />}
    </>
  );
}

/** The block in focus, shared by every stage that looks at one. */
export function BlockPicker() {
  const { blocks, block } = useStore(weights);
  return (
    <select
      aria-label="Block"
      data-testid="block-picker"
      disabled={!blocks || blocks.length === 0}
      value={block ?? ''}
      onChange={(event) => focusBlock(event.target.value)}
    >
      {(blocks ?? []).map((path) => (
        <option key={path} value={path}>
          {path === '' ? '(the whole network)' : path}
        </option>
      ))}
      {!blocks && <option value="">reading blocks</option>}
      {blocks?.length === 0 && <option value="">no RepMLP blocks</option>}
    </select>
  );
}
