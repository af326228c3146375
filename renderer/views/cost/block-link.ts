// From a block in the ledger to its matrices, where the weights in focus have that block.
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { repBlockAt } from '@shared/merge/block-at';
import { fcShapeOf } from '@shared/merge/merge-layer';
import { attempt } from '../../state/notices';
import { model } from '../../state/model';
import { connection } from '../../state/studio';
import { loadBlocks, weights } from '../../state/weights';
import { cellAt, showCell } from '../patterns/link';

/** Finds among layers the first block whose matrices can be shown; null where there is none. */
export function useBlockLink(): (layers: readonly string[]) => (() => void) | null {
  const { blocks, reference } = useStore(weights);
  const connected = useStore(connection, ({ client }) => client !== null);
  const spec = useStore(model, (state) => state.spec);
  useEffect(() => {
    if (connected) void attempt(loadBlocks);
  }, [connected, reference]);
  return (layers) => {
    const block = layers.find((layer) => layer !== '' && blocks?.includes(layer));
    if (block === undefined || !spec) return null;
    return () => {
      const shape = fcShapeOf(repBlockAt(spec, block));
      showCell(block, shape, cellAt(shape, [0, 0, 0], [0, 0, 0]));
    };
  };
}
