// The TensorBoard event file of a run, beside metrics.csv: `tensorboard --logdir RUN` shows its curves.
// Invariant: after the header it has one record per line of metrics.csv, in the same order, and behind an epoch's one
// of its norms.
import { appendFile, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrainingEvent } from '@shared/training/recipe';
import { tensorboardHeader, tensorboardLength, tensorboardRecord } from '@shared/training/tensorboard';
import { writeFileAtomically } from '../files';

const NAME = /^events\.out\.tfevents\./;

export class EventFile {
  private constructor(private readonly path: string) {}

  /** Starts a file in a run's folder. */
  static async create(folder: string): Promise<EventFile> {
    const path = join(folder, `events.out.tfevents.${Math.floor(seconds())}.repmlp`);
    await writeFileAtomically(path, tensorboardHeader(seconds()), { force: true });
    return new EventFile(path);
  }

  /** Goes on after `events`, the run's kept ones: later records are cut off, missing ones are added with the present time. */
  static async resume(folder: string, events: readonly TrainingEvent[]): Promise<EventFile> {
    const name = (await readdir(folder)).find((file) => NAME.test(file));
    const file = name === undefined ? await EventFile.create(folder) : new EventFile(join(folder, name));
    const written = new Uint8Array(await readFile(file.path));
    const { bytes, records } = tensorboardLength(written, events.length + 1);
    const head = records === 0 ? tensorboardHeader(seconds()) : written.subarray(0, bytes);
    const missing = events.slice(Math.max(0, records - 1)).map((event) => tensorboardRecord(event, seconds()));
    await writeFileAtomically(file.path, Buffer.concat([head, ...missing]), { force: true });
    return file;
  }

  async remove(): Promise<void> {
    await rm(this.path, { force: true });
  }

  async append(event: TrainingEvent): Promise<void> {
    await appendFile(this.path, tensorboardRecord(event, seconds()));
  }
}

function seconds(): number {
  return Date.now() / 1000;
}
