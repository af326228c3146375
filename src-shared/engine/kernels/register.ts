// Puts our kernels in the place of the WASM backend's, where they can work on its memory; elsewhere the
// kernels that were registered before stay.
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import {
  CONVOLUTION_FILTER_KERNEL,
  CONVOLUTION_INPUT_KERNEL,
  CONVOLUTION_KERNEL,
  type ConvolutionAttributes,
} from '../../model/forward/own-convolution';
import { existingKernel, replaceKernel, type WasmCall } from '../wasm/register';
import { convolution, filterGradient, inputGradient } from './convolution';
import { kernelsOf } from './instance';
import { canMultiply, matMul } from './matmul';
import { registerOptimizer } from './optimizer';

/** Registers every kernel; call once the backend runs. */
export function registerOwnKernels(backend: BackendWasm): void {
  const kernels = kernelsOf(backend);
  if (!kernels) return;
  const multiply = existingKernel('BatchMatMul');
  replaceKernel('BatchMatMul', (call: WasmCall<{ transposeA: boolean; transposeB: boolean }>) => {
    const { a, b } = call.inputs;
    return canMultiply(a, b, call.backend) ? matMul(kernels, call) : multiply(call as unknown as Parameters<typeof multiply>[0]);
  });
  replaceKernel(CONVOLUTION_KERNEL, (call: WasmCall<ConvolutionAttributes>) => convolution(kernels, call));
  replaceKernel(CONVOLUTION_INPUT_KERNEL, (call: WasmCall<ConvolutionAttributes>) => inputGradient(kernels, call));
  replaceKernel(CONVOLUTION_FILTER_KERNEL, (call: WasmCall<ConvolutionAttributes>) => filterGradient(kernels, call));
  registerOptimizer(kernels);
}
