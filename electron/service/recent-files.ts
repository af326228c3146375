// The checkpoints opened last, newest first, kept in a small file beside the runs.
import { readFile } from 'node:fs/promises';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeFileAtomically } from './files';

const KEPT = 10;

/** A list of paths that outlives the program. A damaged or missing file is an empty list. */
export class RecentFiles {
  constructor(private readonly file: string) {}

  async list(): Promise<string[]> {
    const text = await readFile(this.file, 'utf8').catch(() => '[]');
    return parsed(text);
  }

  async add(path: string): Promise<void> {
    const others = (await this.list()).filter((other) => other !== path);
    await mkdir(dirname(this.file), { recursive: true });
    const text = JSON.stringify([path, ...others].slice(0, KEPT), null, 2);
    await writeFileAtomically(this.file, new TextEncoder().encode(`${text}\n`), { force: true });
  }
}

function parsed(text: string): string[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter((path) => typeof path === 'string') : [];
  } catch {
    return [];
  }
}
