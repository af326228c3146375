// Where the bundles of worker threads are: beside the program's own; in a packaged app beside the archive,
// since threads do not start inside one.
import { beside } from '../files/unpacked';

/** What a thread loads besides its own bundle. */
const LOADS: Readonly<Record<string, readonly string[]>> = { 'engine-worker.mjs': ['feed-worker.mjs', 'wasm'] };

/** Address of a worker's bundle. Throws UserError where a packaged app's was changed since, or what it loads. */
export function workerBundle(fileName: string): URL {
  return beside(import.meta.url, fileName, LOADS[fileName]);
}
