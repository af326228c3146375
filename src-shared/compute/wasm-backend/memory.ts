// What happens when WebAssembly's memory (4 GB at most) is full. tfjs (4.22.0) takes the 0 that its allocator then
// gives for an address: values land on the module's own data and on other tensors, and all goes on with wrong numbers.
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { UserError } from '../../base/user-error';
import { moduleOf } from './heap';

/** Bytes beyond this are not even passed on whole to a 32-bit allocator. */
const MOST_BYTES = 2 ** 32;

/** From now on asking for memory that there is not throws UserError. Call once a backend runs, before anything keeps its allocator. */
export function guardMemory(backend: BackendWasm): void {
  const module = moduleOf(backend);
  // The module may put another function in this place when it is first called.
  module._free(module._malloc(1));
  const allocate = module._malloc;
  module._malloc = (bytes) => {
    const place = bytes < MOST_BYTES ? allocate(bytes) : 0;
    if (place !== 0 || bytes === 0) return place;
    throw new UserError(
      `the WebAssembly backend is out of memory: it has at most 4 GB, and ${Math.ceil(bytes / 2 ** 20)} MB more were needed at once; choose a smaller batch or smaller pictures, or another backend`,
    );
  };
}
