// The TensorBoard event file of a run, beside metrics.csv: `tensorboard --logdir RUN` shows its curves.
// Invariant: after the header it has one record per line of metrics.csv, in the same order, and behind an epoch's one
// of its norms.
import { readdir, readFile } from 'node:fs/promises';
import type { TrainingEvent } from '@shared/training/recipe/event';
import { tensorboardHeader, tensorboardLength, tensorboardRecord } from '@shared/run/tensorboard';
import { writeFileAtomically } from '../files';
import { deleteInside, pathInside } from '../files/inside';
import { appendInside } from './appended-file';

/** Others of TensorBoard's files in the folder are somebody else's. */
const NAME = /^events\.out\.tfevents\.\d+\.repmlp$/;

export class EventFile {
  private constructor(
    private readonly folder: string,
    private readonly name: string,
  ) {}

  /** Starts a file in a run's folder. */
  static async create(folder: string): Promise<EventFile> {
    const file = new EventFile(folder, `events.out.tfevents.${Math.floor(seconds())}.repmlp`);
    await writeFileAtomically(await file.path(), tensorboardHeader(seconds()), { force: true });
    return file;
  }

  /** Goes on after `events`, the run's kept ones: later records are cut off, missing ones are added with the present time. */
  static async resume(folder: string, events: readonly TrainingEvent[]): Promise<EventFile> {
    const name = (await readdir(folder)).find((file) => NAME.test(file));
    const file = name === undefined ? await EventFile.create(folder) : new EventFile(folder, name);
    const written = new Uint8Array(await readFile(await file.path()));
    const { bytes, records } = tensorboardLength(written, events.length + 1);
    const head = records === 0 ? tensorboardHeader(seconds()) : written.subarray(0, bytes);
    const missing = events.slice(Math.max(0, records - 1)).map((event) => tensorboardRecord(event, seconds()));
    await writeFileAtomically(await file.path(), Buffer.concat([head, ...missing]), { force: true });
    return file;
  }

  async remove(): Promise<void> {
    await deleteInside(this.folder, this.name);
  }

  async append(event: TrainingEvent): Promise<void> {
    await appendInside(this.folder, this.name, tensorboardHeader(seconds()), tensorboardRecord(event, seconds()));
  }

  private path(): Promise<string> {
    return pathInside(this.folder, this.name);
  }
}

function seconds(): number {
  return Date.now() / 1000;
}
