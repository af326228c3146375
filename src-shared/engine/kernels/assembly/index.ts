// The WebAssembly kernels that work on the memory of tfjs's WASM backend: pointers are byte offsets into it.
export { finishGradient, finishMoments, gradientBranches, gradientSums, momentsOfBranches, normaliseBranches } from './batch-norm';
export { add, addToRows, multiply, multiplyRows, relu, reluGradient, sumOfRows } from './elementwise';
export { correlate, packWeights } from './convolution';
export { depthwise, depthwiseFilter, packDepthwise } from './depthwise';
export { filterGradient } from './filter-gradient';
export { gelu, geluGradient } from './gelu';
export { gemmRows, gemmScratch } from './gemm';
export { permute } from './permutation';
export { averagePoolGradient, maxPoolGradient } from './pooling';
export { move } from './optimizer';
