// Puts our kernels in the place of the WASM backend's, where they can work on its memory; elsewhere the
// kernels that were registered before stay.
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import {
  CONVOLUTION_FILTER_KERNEL,
  CONVOLUTION_INPUT_KERNEL,
  CONVOLUTION_KERNEL,
  type ConvolutionAttributes,
} from '../../model/forward/own-convolution';
import { registerBatchNorm } from '../wasm/batch-norm';
import type { PoolAttributes } from '../wasm/max-pool-grad';
import { existingKernel, replaceKernel, type WasmCall } from '../wasm/register';
import { sharedRowPasses } from './columns';
import { convolution, filterGradient, inputGradient } from './convolution';
import { startKernels } from './instance';
import { canMultiply, matMul } from './matmul';
import { maxPoolGradient } from './max-pool';
import { registerOptimizer } from './optimizer';

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
  replaceKernel('MaxPoolGrad', (call: WasmCall<PoolAttributes>) => maxPoolGradient(kernels, call));
  registerBatchNorm(sharedRowPasses(kernels));
  registerOptimizer(kernels);
  return kernels.threads;
}
