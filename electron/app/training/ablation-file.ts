// ablation.json: the list of an ablation's variants on disk, by its one schema. Invariant: a list that cannot be read is told and
// kept, never taken for none.
import { mkdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { z } from 'zod';
import { firstIssue, strictObject } from '@shared/model/strict-object';
import { insideNameProblem } from '@shared/run/inside-name';
import { runFolderName } from '@shared/run/run-name';
import { formatProblem, parsedJson } from '@shared/base/stored-version';
import { askedVariantSchema, VARIANT_STATES } from '@shared/training/ablation';
import type { Stored } from '@shared/base/sent';
import { UserError } from '@shared/base/user-error';
import { writeFileAtomically } from '../../files';
import { pathInside } from '../../files/inside';
import { readText } from '../../files/regular-file';

/** In the runs folder: the list, and what a program holds while it trains one. */
export const ABLATION_FILE = 'ablation.json';
export const ABLATION_LOCK = 'ablation.lock';

const FORMAT = { format: 'repmlp-ablation', version: 1, called: 'the list of an ablation' } as const;

const variantSchema = strictObject({
  ...askedVariantSchema.shape,
  name: z.string().refine(canNameRun, 'is no name that a run can have'),
  /** Null until it has begun. */
  run: z
    .string()
    .refine((run) => !run.includes('/') && insideNameProblem(run) === null, "is not the name of a run's folder")
    .nullable(),
  state: z.enum(VARIANT_STATES),
});

const listSchema = strictObject({
  format: z.literal(FORMAT.format),
  version: z.literal(FORMAT.version),
  ended: z.string(),
  variants: z.array(variantSchema),
});

/** A variant with its run and how far it is. */
export type StoredVariant = Stored<z.infer<typeof variantSchema>>;
export type StoredAblation = Pick<Stored<z.infer<typeof listSchema>>, 'ended' | 'variants'>;

/** The list in a file; null if there is none. Rejects with UserError naming the field that is wrong. */
export async function readAblation(path: string): Promise<StoredAblation | null> {
  const text = await readText(await pathInside(dirname(path), basename(path))).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  const json = withFormat(parsedJson(text, path));
  const problem = formatProblem(json, FORMAT);
  if (problem !== null) throw new UserError(`${path}: ${problem}`);
  const parsed = listSchema.safeParse(json, { reportInput: true });
  if (!parsed.success) throw new UserError(`${path}: ${firstIssue(parsed.error, 'the file')}`);
  return parsed.data;
}

/** Writes the list, whole or not at all. */
export async function writeAblation(path: string, { ended, variants }: StoredAblation): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const { format, version } = FORMAT;
  const text = `${JSON.stringify({ format, version, ended, variants }, null, 2)}\n`;
  await writeFileAtomically(await pathInside(dirname(path), basename(path)), text, { force: true });
}

/** The variants once a run of theirs is called otherwise; or, `to` null, is deleted: then what was not finished has yet to begin. */
export function withRun(variants: readonly StoredVariant[], from: string, to: string | null): StoredVariant[] {
  return variants.map((variant) => {
    if (variant.run !== from) return variant;
    if (to !== null) return { ...variant, run: to };
    return variant.state === 'finished' ? variant : { ...variant, run: null, state: 'waiting' };
  });
}

/** Has the list in a file follow a run that was renamed, or deleted; a file that holds no list is left as it is. */
export async function followRun(path: string, from: string, to: string | null): Promise<void> {
  const list = await readAblation(path).catch(() => null);
  if (list?.variants.some(({ run }) => run === from)) await writeAblation(path, { ...list, variants: withRun(list.variants, from, to) });
}

/** Lists of the first version did not say what they are. */
function withFormat(json: unknown): unknown {
  if (typeof json !== 'object' || json === null || Array.isArray(json) || 'format' in json || 'version' in json) return json;
  const { format, version } = FORMAT;
  return { format, version, ...json };
}

function canNameRun(name: string): boolean {
  try {
    return runFolderName(name) !== '';
  } catch {
    return false;
  }
}
