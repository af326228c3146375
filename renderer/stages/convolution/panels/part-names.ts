// What the parts of a scene are called on screen.
import { kernelSize, type ConvolutionScene, type SceneKernel } from '@shared/matrix/convolution-scene';
import type { ScenePart } from '@shared/merge/convolution/scene-model';

export function kernelName(kernel: SceneKernel): string {
  const K = kernelSize(kernel);
  return kernel.kind === 'identity' ? 'Identity' : `${K}×${K}`;
}

export function partName({ kernels, fc }: Pick<ConvolutionScene, 'kernels' | 'fc'>, part: ScenePart): string {
  if (typeof part === 'number') return kernelName(kernels[part]);
  if (part === 'fc') return 'FC';
  if (part === 'kernels') return kernels.length > 1 ? 'Convolutions' : 'Convolution';
  return fc ? 'One matrix' : kernels.length > 1 ? 'Their sum' : 'Matrix';
}
