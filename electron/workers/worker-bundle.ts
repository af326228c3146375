// Where the bundles of worker threads are: beside the program's own; in a packaged app beside the archive,
// since threads do not start inside one.

/** Address of a worker's bundle. */
export function workerBundle(fileName: string): URL {
  return new URL(new URL(`./${fileName}`, import.meta.url).href.replace('/app.asar/', '/app.asar.unpacked/'));
}
