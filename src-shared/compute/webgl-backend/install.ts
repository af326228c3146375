// The one door of this room: our kernels for tfjs's WebGL backend, under the names that model/forward/kernels and the
// optimizer call. Each does in a draw or two what tfjs's operations do in many: a training step is bound by their number.
import * as tf from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import { batchNormKernels } from './batch-norm';
import { convolutionKernels } from './convolution';
import type { WebglCall, WebglKernels } from './flat-program';
import { optimizerKernels } from './optimizer';

/**
 * Operations that tfjs would pack four values a texel. Our shaders and every reshape want them plain; packing and unpacking
 * between them took more draws than the operations, and wrote as many texels. Its matrix products stay packed.
 */
const PLAIN = ['WEBGL_PACK_BINARY_OPERATIONS', 'WEBGL_PACK_UNARY_OPERATIONS', 'WEBGL_PACK_ARRAY_OPERATIONS'];

/** Registers every kernel of this room; call when the backend runs, on WebGL2 (its shaders divide integers). */
export function installWebgl(): void {
  for (const flag of PLAIN) tf.env().set(flag, false);
  const kernels: WebglKernels = { ...batchNormKernels, ...convolutionKernels, ...optimizerKernels };
  for (const [kernelName, run] of Object.entries(kernels)) {
    if (tf.getKernel(kernelName, 'webgl')) continue;
    const kernelFunc: tf.KernelFunc = ({ inputs, attrs, backend }) =>
      run({ inputs: inputs as WebglCall['inputs'], attrs: attrs as never, backend: backend as MathBackendWebGL });
    tf.registerKernel({ kernelName, backendName: 'webgl', kernelFunc });
  }
}
