// Where the files lie that a recipe names. Figures travel without folders: what is not where the recipe says is looked for by
// its name beside the figure, in the folders above it and where the user says; of several, the one with the right hash is taken.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { SourceFile } from '@shared/figure/provenance';
import { METRICS_FILE, RUN_FILE } from '../../runs/read';

/** Folders above a figure's in which is looked: `figures/` of a run, the run, the folder of runs. */
const LEVELS = 3;

/** Finds files by the names of one recipe, and keeps which were found where. */
export class Locator {
  private readonly found = new Map<string, Promise<string>>();

  constructor(
    private readonly base: string,
    private readonly search: readonly string[],
    private readonly wanted: readonly SourceFile[],
  ) {}

  /** The path of what a recipe names; the one beside the recipe where there is nothing of that name, so that the error names it. */
  locate(path: string): Promise<string> {
    const known = this.found.get(path);
    if (known !== undefined) return known;
    const found = this.find(path);
    this.found.set(path, found);
    void found.then((file) => this.files.set(path, file));
    return found;
  }

  private readonly files = new Map<string, string>();

  /** What was asked for, with its place, in the order of the names. */
  used(): [path: string, file: string][] {
    return [...this.files].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  private async find(path: string): Promise<string> {
    const asWritten = resolve(this.base, path);
    const hash = this.wanted.find((one) => one.path === path)?.sha256;
    const there: string[] = [];
    for (const candidate of this.candidates(path, asWritten)) {
      if (!(await exists(candidate))) continue;
      if (hash === undefined || (await hashOf(candidate)) === hash) return candidate;
      there.push(candidate);
    }
    return there[0] ?? asWritten;
  }

  private candidates(path: string, asWritten: string): string[] {
    const above = Array.from({ length: LEVELS }, (_, level) => resolve(this.base, ...Array<string>(level).fill('..')));
    const folders = [...above, ...this.search];
    return [
      ...new Set([asWritten, ...folders.map((folder) => resolve(folder, path)), ...folders.map((folder) => join(folder, basename(path)))]),
    ];
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** SHA-256 of a file; of a run folder, of its record and metrics; of another folder, of nothing but its name. */
export async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  const isFolder = await stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  const files = isFolder ? [join(path, RUN_FILE), join(path, METRICS_FILE)] : [path];
  for (const file of files) if (await exists(file)) await pipeline(createReadStream(file), hash, { end: false });
  if (isFolder && !(await exists(join(path, RUN_FILE)))) hash.update(basename(path));
  return hash.digest('hex');
}

/** The folder of a figure or recipe. */
export function folderOf(path: string): string {
  return dirname(resolve(path));
}
