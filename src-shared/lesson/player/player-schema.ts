// The player's state as it is kept over a reload of the window.
import { z } from 'zod';
import type { PlayerState } from './player';

const cells = z.array(z.boolean());
const guess = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('cells'), on: cells }),
  z.object({ kind: z.literal('number'), value: z.number() }),
  z.object({ kind: z.literal('choice'), option: z.number() }),
]);
const gap = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('cells'),
    rows: z.number(),
    columns: z.number(),
    truth: cells,
    hit: z.number(),
    missed: z.number(),
    extra: z.number(),
  }),
  z.object({ kind: z.literal('number'), truth: z.number(), difference: z.number() }),
  z.object({ kind: z.literal('choice'), truth: z.array(z.number()), right: z.boolean() }),
]);

export const playerStateSchema: z.ZodType<PlayerState> = z.object({
  at: z.number().int().min(0),
  started: z.string(),
  records: z.record(
    z.string(),
    z.object({
      tries: z.array(z.object({ answer: z.string(), right: z.boolean(), say: z.string(), at: z.string() })),
      hints: z.number(),
      prediction: z.object({ guess, gap }).nullable(),
      ran: z.boolean(),
      notYet: z.string().nullable(),
    }),
  ),
});
