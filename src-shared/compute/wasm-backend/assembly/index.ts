// The WebAssembly kernels that work on the memory of tfjs's WASM backend: pointers are byte offsets into it.
export { finishGradient, finishMoments, gradientBranches, gradientSums, momentsOfBranches, normaliseBranches } from '../batch-norm/assembly/batch-norm';
export { add, addToRows, multiply, multiplyRows, relu, reluGradient, sumOfRows } from '../elementwise/assembly/elementwise';
export { correlate, packWeights } from '../convolution/assembly/convolution';
export { depthwise, depthwiseFilter, packDepthwise } from '../convolution/assembly/depthwise';
export { filterGradient } from '../convolution/assembly/filter-gradient';
export { gelu, geluGradient } from '../elementwise/assembly/gelu';
export { gemmRows, gemmScratch } from '../matmul/assembly/gemm';
export { permute } from '../permutation/assembly/permutation';
export { averagePoolGradient, maxPoolGradient } from '../pooling/assembly/pooling';
export { move } from '../optimizer/assembly/optimizer';
