// What the figures of patterns are drawn from: the measures of one matrix (FC3 before or after its merge, or what the
// branches add) under a label. Two networks, or the epochs of a run, are further subjects of the same. The matrices of one
// source are let go before those of the next are made.
import { z } from 'zod';
import { UserError } from '../../base/user-error';
import { fcShapeOf, type FcShape } from '../../matrix/geometry';
import { groupsOf, type GroupChoice } from '../../pattern/detail';
import { blockOf, type SourceBlock } from '../block-of';
import type { FigureSources, FormField } from '../kind';
import type { PatternAbout } from '../page/pattern-sheet';
import { index, recipeSchema, sourceSchema, type FigureSource } from '../recipe';

/** The schema of a figure of patterns: of one network, of two (`against`) or over the epochs of a run. */
export function patternSchema<K extends string, S extends z.ZodRawShape>(kind: K, fields: S) {
  return recipeSchema(kind, {
    source: sourceSchema,
    /** A second network beside the first; its block of the same path where `layer` is left out. */
    against: sourceSchema.optional(),
    /** The source is a run folder, drawn at every whole epoch. */
    epochs: z.boolean().optional(),
    ...fields,
  });
}

/** Rows of one group (share-set), or of all (null). */
export const groupField = index.nullable();

/** The form's field of a group. */
export function groupChoice(value: number | null): FormField & { readonly field: 'group' } {
  return { field: 'group', widget: 'group', value };
}

/** Whose patterns are drawn. */
interface PatternSubject {
  readonly source: FigureSource;
  readonly against?: FigureSource;
  readonly epochs?: boolean;
}

/** How many subjects a figure has decides which stages of each it shows: over epochs, the merged matrix alone. */
export type Comparison = 'alone' | 'beside another' | 'over epochs';
type Stage = 'before' | 'added' | 'after';

/** A block whose patterns are drawn. */
export interface MeasuredBlock extends SourceBlock {
  /** Empty where the stage says it all. */
  readonly subject: string;
}

/** Measures of one matrix. */
export interface MeasuredMatrix<Value> {
  readonly subject: string;
  readonly stage: Stage;
  readonly shape: FcShape;
  readonly value: Value;
}

/** The measures of every subject, in order, and what the figure is about. */
export interface PatternData<Measured> {
  readonly about: PatternAbout;
  readonly measured: readonly Measured[];
}

/** Reads every subject's block and measures it. Rejects with UserError where a source or block is missing. */
export async function measurePatterns<Measured>(
  recipe: PatternSubject,
  sources: FigureSources,
  measure: (block: MeasuredBlock, comparison: Comparison) => readonly Measured[],
): Promise<PatternData<Measured>> {
  const { subjects, comparison, remarks } = await subjectsOf(recipe, sources);
  const [measured, named]: [Measured[], string[]] = [[], []];
  let block: string | null = null;
  for (const { subject, source } of subjects) {
    const found = await blockOf(source, sources);
    block ??= found.path;
    measured.push(...measure({ subject, ...found }, comparison));
    named.push(subjectText(subject, source, found));
  }
  const about = {
    block: block ?? '',
    epochs: subjects.flatMap(({ epoch }) => (epoch === undefined ? [] : [epoch])),
    remarks: [...(comparison === 'over epochs' ? [] : [`${named.join('. ')}.`]), ...remarks],
  };
  return { about, measured };
}

/** The measures of one block's matrices, stage by stage: before and after the merge, over epochs after it alone. */
export function stageBy<Value>(
  { subject, matrices, block }: MeasuredBlock,
  comparison: Comparison,
  valueOf: (matrix: Float32Array, shape: FcShape) => Value,
  stages: readonly Stage[] = comparison === 'over epochs' ? ['after'] : ['before', 'after'],
): MeasuredMatrix<Value>[] {
  const shape = fcShapeOf(block);
  return stages.map((stage) => ({ subject, stage, shape, value: valueOf(matrices[stage], shape) }));
}

/** A group of a block, as the measures take it. */
export function groupIn({ block }: MeasuredBlock, group: number | null): GroupChoice {
  return { groups: groupsOf(block), group };
}

/** A map (h, w) of a measured matrix, as a tile is drawn from. */
export function mapOf(
  { shape }: MeasuredMatrix<unknown>,
  values: readonly number[],
): { rows: number; columns: number; data: Float32Array } {
  return { rows: shape.h, columns: shape.w, data: Float32Array.from(values) };
}

/** What a measured matrix is called: its subject where there are several, and its stage. */
export function measuredLabel({ subject, stage }: Pick<MeasuredMatrix<unknown>, 'subject' | 'stage'>): string {
  const text = stage === 'added' ? 'added by the branches' : stage === 'before' ? 'before merging' : 'after merging';
  return subject === '' ? text : `${subject}, ${stage}`;
}

interface Subject {
  readonly subject: string;
  readonly source: FigureSource;
  readonly epoch?: number;
}

interface FigureSubjects {
  readonly subjects: readonly Subject[];
  readonly comparison: Comparison;
  readonly remarks: readonly string[];
}

async function subjectsOf({ source, against, epochs }: PatternSubject, sources: FigureSources): Promise<FigureSubjects> {
  if (against && epochs) throw new UserError('a figure compares two networks or shows the epochs of a run, not both');
  if (epochs) return epochSubjects(source, sources);
  if (!against) return { subjects: [{ subject: '', source }], comparison: 'alone', remarks: [] };
  const other = { ...against, layer: against.layer ?? source.layer };
  const subjects = [
    { subject: 'A', source },
    { subject: 'B', source: other },
  ];
  return { subjects, comparison: 'beside another', remarks: [] };
}

/** More epochs than this do not fit on a page. */
const MOST_EPOCHS = 12;

async function epochSubjects(source: FigureSource, sources: FigureSources): Promise<FigureSubjects> {
  const { name, checkpoints } = await sources.run(source.path);
  const whole = checkpoints.filter(({ form, step }) => form === 'train' && step === 0);
  if (whole.length === 0) throw new UserError(`run ${name} has no checkpoint of a whole epoch yet`);
  const shown = evenly(whole, MOST_EPOCHS);
  const files = await Promise.all(shown.map(({ file }) => sources.fileOfRun(source.path, file)));
  const subjects = shown.map(({ epoch }, at) => ({ subject: `epoch ${epoch}`, source: { ...source, path: files[at] }, epoch }));
  const few = shown.length === whole.length ? '' : `; ${shown.length} of its ${whole.length} checkpoints, evenly chosen`;
  return { subjects, comparison: 'over epochs', remarks: [`Run ${name}, after merging each checkpoint${few}.`] };
}

/** At most `count` items, the first and the last among them. */
export function evenly<T>(items: readonly T[], count: number): readonly T[] {
  if (items.length <= count) return items;
  return Array.from({ length: count }, (_, i) => items[Math.round((i * (items.length - 1)) / (count - 1))]);
}

function subjectText(subject: string, source: FigureSource, { spec, path }: SourceBlock): string {
  return `${subject === '' ? 'Weights' : subject}: ${sourceName(source)}, ${spec.name}${path === '' ? '' : `, ${path}`}`;
}

/** A source's name in a figure's note: a file's name and its set of weights where one is named, or a run's with its epoch. */
function sourceName({ path, weights }: FigureSource): string {
  const [name, folder, run] = path
    .split(/[\\/]+/)
    .filter((part) => part !== '')
    .reverse();
  const set = weights === undefined ? '' : ` (${weights})`;
  return folder === 'checkpoints' ? `${run} ${name.replace(/\.safetensors$/, '')}` : `${name ?? path}${set}`;
}
