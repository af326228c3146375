// The merged layers of the file in focus as a view needs them: asked for when it is shown.
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { weights } from '../network/weights';
import { attempt } from '../notices';
import { connection } from '../studio';
import { kernels, kernelsInFocus, loadKernels, type FoundKernels } from './kernels';

export function useKernels(): FoundKernels {
  const { reference, reading } = useStore(weights);
  const connected = useStore(connection, ({ client }) => client !== null);
  const known = useStore(kernels);
  useEffect(() => {
    if (connected) void attempt(loadKernels);
  }, [connected, reference, reading]);
  return kernelsInFocus(known, reference, reading);
}
