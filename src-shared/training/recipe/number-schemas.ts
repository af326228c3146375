// Schemas of the numbers that recipes are made of.
import { z } from 'zod';

export const wholeNumber = (least: number, most: number) => z.number().int().min(least).max(most);
/** At least 0; `most` is far beyond what anybody takes. */
export const amount = (most: number) => z.number().min(0).max(most);
export const positive = (most: number) => z.number().positive().max(most);
/** From 0 to below 1. */
export const share = z.number().min(0).lt(1);
