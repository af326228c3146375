// The block in focus of the current network's weights, shared by every stage that looks at one.
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { attempt } from '../notices';
import { connection } from '../studio';
import { focusBlock, loadBlocks, weights } from './weights';

export function BlockPicker() {
  const connected = useStore(connection, (state) => state.client !== null);
  const { reference, inFocus, blocks, block } = useStore(weights);
  useEffect(() => {
    if (connected && inFocus) void attempt(loadBlocks);
  }, [connected, reference, inFocus]);
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
