// From the weights in focus to the explorer's input: asks the service for the block's matrices.
import { useEffect, useState } from 'react';
import { useStore } from 'zustand/react';
import type { MatrixUrls, WeightsReference } from '@shared/contract/studio';
import { messageOf } from '../../state/notices';
import { connection, studio } from '../../state/studio';
import { focusBlock, keyOf, loadBlocks, weights } from '../../state/weights';
import { geometryOf } from './meaning';
import type { ExplorerInput } from './matrix-set';

export const BLOCK_NAMES = { before: 'Before: FC3 with its BN', added: 'Added by the conv branches', after: 'After the merge' } as const;

/** The input for the block in focus; null while it is not known, with the reason why if it failed. */
export function useWeightsInput(): { input: ExplorerInput | null; problem: string | null } {
  const client = useStore(connection, (state) => state.client);
  const { reference, block } = useStore(weights);
  const [found, setFound] = useState<{ input: ExplorerInput | null; problem: string | null }>({ input: null, problem: null });
  const key = `${keyOf(reference)} ${block ?? ''}`;
  useEffect(() => {
    if (!client) return;
    let current = true;
    const tell = (problem: unknown): void => {
      if (current) setFound({ input: null, problem: messageOf(problem) });
    };
    loadBlocks().catch(tell);
    if (block !== null) {
      studio()
        .merge.matrices({ weights: reference, block })
        .then((urls) => current && setFound({ input: inputOf(key, urls, explainer(reference, block)), problem: null }), tell);
    }
    return () => {
      current = false;
    };
    // The reference's key stands for the reference.
  }, [client, key]);
  return found;
}

function explainer(reference: WeightsReference, block: string): NonNullable<ExplorerInput['explain']> {
  return (row, column) => studio().merge.provenance({ weights: reference, block, row, column });
}

function inputOf(key: string, urls: MatrixUrls, explain: ExplorerInput['explain']): ExplorerInput {
  const { path, rows, columns, layer } = urls;
  const from = (url: string) => ({ kind: 'url', url: new URL(url, window.location.href).href }) as const;
  const origins = { before: from(urls.before), added: from(urls.added), after: from(urls.after) };
  return { key, title: path, rows, columns, geometry: geometryOf(layer), origins, names: BLOCK_NAMES, explain };
}

/** Puts the next (1) or previous (-1) block in focus. */
export function stepBlock(by: number): void {
  const { blocks, block } = weights.getState();
  if (!blocks || blocks.length === 0) return;
  const index = blocks.indexOf(block ?? '');
  focusBlock(blocks[(index + by + blocks.length) % blocks.length]);
}
