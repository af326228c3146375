// Which weights a call is about.
import { z } from 'zod';

/** Weights the service can find again: an opened file, a run's checkpoint, or the one in assets/. */
export const weightsReference = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), id: z.string() }),
  z.object({ kind: z.literal('run'), run: z.string(), checkpoint: z.string() }),
  z.object({ kind: z.literal('bundled'), name: z.string() }),
]);
export type WeightsReference = z.infer<typeof weightsReference>;
