// The size of the map that a kernel in focus is seen on: an empty field shows the kernel as it is, or a merged one on a usual map.
import { useStore } from 'zustand/react';
import { isOddKernel } from '@shared/merge/kernel-matrix';
import { MapField } from '../../studio/families/MapField';
import { weights } from '../../studio/network/weights';
import { kernelMap, nameInFocus } from './kernel-map';

export function KernelMapField({ tensor }: { readonly tensor: string }) {
  const shape = useStore(weights, ({ tensors }) => tensors?.find(({ name }) => name === tensor)?.shape);
  const { merged } = nameInFocus(tensor);
  if (!merged && (shape === undefined || !isOddKernel(shape))) return null;
  return (
    <MapField
      text=""
      usual={merged ? 'usual' : 'none'}
      says="positions that the convolution is seen on; empty: the kernel itself"
      onTake={(text) => kernelMap.setState({ text })}
      testId="kernel-map"
    />
  );
}
