// The WebAssembly kernels that work on the memory of tfjs's WASM backend: pointers are byte offsets into it.
export { correlate, filterGradient, packWeights } from './convolution';
export { gemmRows, gemmScratch } from './gemm';
export { adamw, sgd } from './optimizer';
