// What the user sets for the whole program on this machine, as its settings file holds it. The theme is the window's own. Invariant:
// what a newer program wrote is never overwritten, and fields that this one does not know are kept.
import { z } from 'zod';
import type { Stored } from '../base/sent';
import { trainingConfigSchema } from '../training/recipe/recipe-schema';

export const SETTINGS_FORMAT = { format: 'repmlp-studio-settings', version: 1, called: 'the settings file' } as const;

export const settingsSchema = z.object({
  /** What a new training is computed on, unless it says otherwise. */
  backend: trainingConfigSchema.shape.backend,
  /** Threads of the service's engine at most; null for one a processor. */
  threads: z.number().int().min(1).max(256).nullable(),
  /** Memory for the activations of a part of a batch, in MiB. */
  memoryMiB: z.number().int().min(64).max(4096),
  /** Where runs are kept, from the next start on; null for the usual place. */
  runsFolder: z.string().min(1).nullable(),
  /** Offered as the place of data sets that are fetched; null for none. */
  dataFolder: z.string().min(1).nullable(),
});
export type Settings = Stored<z.infer<typeof settingsSchema>>;

export const USUAL_SETTINGS: Settings = { backend: 'auto', threads: null, memoryMiB: 512, runsFolder: null, dataFolder: null };

export const settingsStateSchema = z.object({
  settings: settingsSchema,
  /** Where they are kept. */
  path: z.string(),
  /** Why they are not written, as a sentence; null where they are. */
  problem: z.string().nullable(),
  /** Whether the place of runs can be set here: where the program is started by a command, that says it. */
  setsRunsFolder: z.boolean(),
});
export type SettingsState = Stored<z.infer<typeof settingsStateSchema>>;
