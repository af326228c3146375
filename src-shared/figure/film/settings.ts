// What films can be, for those who ask for one.
import { z } from 'zod';

/** What a film can be written as; a flip-book of pages as `pdf`. */
export const FILM_FORMATS = ['gif', 'apng', 'pdf'] as const;
export type FilmFormat = (typeof FILM_FORMATS)[number];

export const filmSettingsSchema = z.object({
  widthPx: z.number(),
  /** For how long a frame is shown. */
  seconds: z.number(),
  /** For how long the last one is. */
  holdSeconds: z.number(),
});
/** How a film is shown. */
export type FilmSettings = Readonly<z.infer<typeof filmSettingsSchema>>;

/** Readers of GIF slow down frames of less than two hundredths of a second. */
export const FILM_LIMITS = { widthPx: { least: 64, most: 4096 }, seconds: { least: 0.02, most: 60 } } as const;
export const FILM_START: FilmSettings = { widthPx: 960, seconds: 0.5, holdSeconds: 2 };
