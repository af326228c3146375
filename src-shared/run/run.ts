// A run is a folder of plain files: run.json (this), metrics.csv, checkpoints/*.safetensors, figures/. The schema is the one
// definition of run.json: what it refuses no reader, writer or window ever sees.
import { z } from 'zod';
import { firstIssue, strictObject } from '../model/strict-object';
import { computed, type Stored } from '../base/sent';
import { formatProblem } from '../base/stored-version';
import { TRAINING_STATES } from '../training/recipe/event';
import { BACKEND_NAMES, MOST_EPOCHS, sentConfigSchema, trainingConfigSchema } from '../training/recipe/recipe-schema';
import { UserError } from '../base/user-error';
import { insideNameProblem } from './inside-name';

const FORMAT = { format: 'repmlp-run', version: 1, called: 'a run record' } as const;

/** A loss that overflowed stands there by name; runs of an earlier version have null in its place. */
const measured = z.union([computed, z.enum(['Infinity', '-Infinity', 'NaN']).transform(Number), z.null().transform(() => NaN)], {
  error: 'takes a number, "Infinity", "-Infinity" or "NaN"',
});

const epoch = z.number().int().min(0).max(MOST_EPOCHS);
const step = z.number().int().min(0);

/** A file of the run, named from its folder. */
const fileName = z.string().superRefine((name, context) => {
  const problem = insideNameProblem(name);
  if (problem !== null) context.addIssue({ code: 'custom', message: `names no file of the run: ${problem}` });
});

const checkpointSchema = strictObject({
  /** Epochs completed, and steps into the next one (0 at an epoch's end). */
  epoch,
  step,
  /** The weights. */
  file: fileName,
  /** Optimizer and random states. */
  stateFile: fileName.nullable(),
  form: z.enum(['train', 'merged']),
  validation: strictObject({ loss: measured, metric: measured, verification: measured.optional() }).nullable(),
  best: z.boolean(),
  /** Made amid a long epoch in case the run is killed; replaced by the next checkpoint. */
  interim: z.boolean().optional(),
});

/** What computed a run: a backend here, or PyTorch, whose runs are brought back and do not go on here. */
const computedBy = z.enum([...BACKEND_NAMES, 'pytorch']);

const changeSchema = strictObject({ epoch, step, from: computedBy, to: z.enum(BACKEND_NAMES) });

const recordFields = strictObject({
  format: z.literal(FORMAT.format),
  version: z.literal(FORMAT.version),
  name: z.string().min(1),
  createdAt: z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'is no date, such as 2026-01-31T12:00:00.000Z'),
  state: z.enum(TRAINING_STATES),
  config: trainingConfigSchema,
  backend: computedBy,
  /** GPU or CPU description as the backend reports it. */
  device: z.string(),
  studioVersion: z.string(),
  tfjsVersion: z.string(),
  /** SHA-256 of the data set's description (embedded) or file list with sizes (folders). */
  dataHash: z.string(),
  checkpoints: z.array(checkpointSchema),
  /** Where it went on on another backend than before; left out where it never did. */
  backendChanges: z.array(changeSchema).optional(),
});

const recordSchema = recordFields.superRefine(({ checkpoints, config }, context) => {
  const trains = checkpoints.flatMap((entry, index) => (entry.form === 'train' ? [{ ...entry, index }] : []));
  for (const [at, { index, ...entry }] of trains.entries()) {
    const before = at === 0 ? null : trains[at - 1];
    const wrong =
      before !== null && !isBefore(before, entry) ? 'does not come after the checkpoint before it' : beyond(entry, config.recipe.epochs);
    if (wrong !== null) context.addIssue({ code: 'custom', path: ['checkpoints', index, 'epoch'], message: wrong });
  }
});

function isBefore(a: { epoch: number; step: number }, b: { epoch: number; step: number }): boolean {
  return a.epoch < b.epoch || (a.epoch === b.epoch && a.step < b.step);
}

function beyond(at: { epoch: number; step: number }, epochs: number): string | null {
  return at.epoch + (at.step > 0 ? 1 : 0) > epochs ? `is beyond the run's ${epochs} epochs` : null;
}

/** A record as it is sent on: its network was checked when it was read. */
export const sentRecordSchema = recordFields.extend({ config: sentConfigSchema });

/** Contents of run.json. */
export type RunRecord = Stored<z.infer<typeof recordSchema>>;

/** From which checkpoint on a run was computed on another backend: its weights may differ in the last bits from an uninterrupted run's. */
export type BackendChange = Stored<z.infer<typeof changeSchema>>;

/** A checkpoint of a run; weights in `file`, optimizer and random states in `stateFile`. */
export type CheckpointRecord = Stored<z.infer<typeof checkpointSchema>>;

/** A run's record from parsed JSON. Throws UserError naming `where` and the field that is wrong, or the newer version that wrote it. */
export function parseRunRecord(json: unknown, where: string): RunRecord {
  const problem = formatProblem(json, FORMAT);
  if (problem !== null) throw new UserError(`${where}: ${problem}`);
  const parsed = recordSchema.safeParse(json, { reportInput: true });
  if (!parsed.success) throw new UserError(`${where} is not a run record that can be used: ${firstIssue(parsed.error, 'the file')}`);
  return parsed.data;
}
