// Puts our kernels in the place of the WASM backend's, where they can work on its memory; elsewhere the
// kernels that were registered before stay.
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import {
  CONVOLUTION_FILTER_KERNEL,
  CONVOLUTION_INPUT_KERNEL,
  CONVOLUTION_KERNEL,
  type ConvolutionAttributes,
} from '../../model/forward/kernels/own-convolution';
import { existingKernel, replaceKernel, type WasmCall } from './replace-kernel';
import { registerBatchNorm } from './batch-norm/batch-norm';
import { convolution, filterGradient, inputGradient } from './convolution/convolution';
import { registerElementwise } from './elementwise/elementwise';
import { startKernels } from './instance';
import { canMultiply, matMul } from './matmul/matmul';
import { registerOptimizer } from './optimizer/optimizer';
import { registerTranspose } from './permutation/permutation';
import { registerPoolGradients } from './pooling/pool-gradients';

/** Registers every kernel; call once the backend runs. Returns the number of threads they run on; 0 where they cannot be used. */
export async function registerOwnKernels(backend: BackendWasm): Promise<number> {
  const kernels = await startKernels(backend);
  if (!kernels) return 0;
  const multiply = existingKernel('BatchMatMul');
  replaceKernel('BatchMatMul', (call: WasmCall<{ transposeA: boolean; transposeB: boolean }>) => {
    const { a, b } = call.inputs;
    return canMultiply(a, b, call.backend) ? matMul(kernels, call) : multiply(call as unknown as Parameters<typeof multiply>[0]);
  });
  replaceKernel(CONVOLUTION_KERNEL, (call: WasmCall<ConvolutionAttributes>) => convolution(kernels, call));
  replaceKernel(CONVOLUTION_INPUT_KERNEL, (call: WasmCall<ConvolutionAttributes>) => inputGradient(kernels, call));
  replaceKernel(CONVOLUTION_FILTER_KERNEL, (call: WasmCall<ConvolutionAttributes>) => filterGradient(kernels, call));
  registerPoolGradients(kernels);
  registerBatchNorm(kernels);
  registerElementwise(kernels);
  registerTranspose(kernels);
  registerOptimizer(kernels);
  return kernels.threads;
}
