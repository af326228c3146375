// Replaces the kernels of tfjs's WASM backend (4.22.0) that are wrong or slow. The JavaScript and CPU
// backends are the judges: see patch.test.ts.
import { registerAvgPoolGrad } from './pooling/avg-pool-grad';
import { registerMatMul } from './matmul/stock-matmul';
import { registerMaxPoolGrad } from './pooling/max-pool-grad';
import { registerSlicing } from './slice/slice';

let patched = false;

/** Registers the replacements; later calls do nothing. Call after the backend's package was imported. */
export function patchWasmBackend(): void {
  if (patched) return;
  registerSlicing();
  registerMatMul();
  registerMaxPoolGrad();
  registerAvgPoolGrad();
  patched = true;
}
