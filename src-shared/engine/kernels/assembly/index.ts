// The WebAssembly kernels that work on the memory of tfjs's WASM backend: pointers are byte offsets into it.
export { combine, normalise } from '../../wasm/assembly/columns';
export { addChunks, productsOfChunks, sumsOfChunks } from './chunks';
export { correlate, filterGradient, packWeights } from './convolution';
export { gemmRows, gemmScratch } from './gemm';
export { maxPoolGradient } from './max-pool';
export { adamw, sgd } from './optimizer';
