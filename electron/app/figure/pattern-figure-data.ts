// The numbers of a pattern figure: the takes of one network, of two, or of the epochs of a run. Matrices of
// one source are let go before those of the next are made.
import type { FigureData } from '@shared/figure/draw';
import type { PatternAbout } from '@shared/figure/page/pattern-sheet';
import { measuredLocality, measuredMatricesOf, type Comparison, type MeasuredBlock } from '@shared/figure/kinds/pattern-data';
import type { FigureSource, PatternRecipe } from '@shared/figure/recipe';
import { partitionsOf, type Partitions } from '@shared/pattern/overlay';
import { UserError } from '@shared/base/user-error';
import { namedPicture, type Datasets } from '../dataset/datasets';
import { sourceBlock, sourceName, type LoadSource, type SourceBlock } from './figure-weights';
import { pathInside } from '../../files/inside';
import { readRun } from '../../runs/read';

interface Subject {
  readonly name: string;
  readonly source: FigureSource;
  readonly epoch?: number;
}

interface FigureSubjects {
  readonly subjects: readonly Subject[];
  readonly comparison: Comparison;
  readonly remarks: readonly string[];
}

/** Reads what a pattern recipe needs. Throws UserError where a source, block, channel, group or picture is missing. */
export async function patternData(recipe: PatternRecipe, load: LoadSource, datasets: Datasets): Promise<FigureData> {
  const { subjects, comparison, remarks } = await subjectsOf(recipe);
  const [taken, partitions, named]: [unknown[], Partitions[], string[]] = [[], [], []];
  let first: SourceBlock | null = null;
  for (const { name, source } of subjects) {
    const found = await sourceBlock(source, load);
    first ??= found;
    const own: MeasuredBlock = { subject: name, matrices: found.matrices, block: found.block };
    const measuredMatrices = recipe.kind === 'locality' ? [measuredLocality(own)] : measuredMatricesOf(recipe, own, comparison);
    taken.push(...measuredMatrices);
    partitions.push(...measuredMatrices.map(() => wantedPartitions(recipe, found)));
    named.push(subjectText(name, source, found));
  }
  const about: PatternAbout = {
    block: first?.path ?? '',
    epochs: subjects.flatMap(({ epoch }) => (epoch === undefined ? [] : [epoch])),
    remarks: [...(comparison === 'over epochs' ? [] : [`${named.join('. ')}.`]), ...remarks],
  };
  const backdrop = recipe.kind === 'overlay' ? { picture: await namedPicture(datasets, recipe.picture), partitions } : null;
  // The takes were made for this kind of recipe.
  return { kind: recipe.kind, about, measuredMatrices: taken, backdrop } as unknown as FigureData;
}

function subjectText(name: string, source: FigureSource, { spec, path }: SourceBlock): string {
  return `${name === '' ? 'Weights' : name}: ${sourceName(source)}, ${spec.name}${path === '' ? '' : `, ${path}`}`;
}

async function subjectsOf({ source, against, epochs }: PatternRecipe): Promise<FigureSubjects> {
  if (against && epochs) throw new UserError('a figure compares two networks or shows the epochs of a run, not both');
  if (epochs) return epochSubjects(source);
  if (!against) return { subjects: [{ name: '', source }], comparison: 'alone', remarks: [] };
  const other = { ...against, layer: against.layer ?? source.layer };
  const subjects = [
    { name: 'A', source },
    { name: 'B', source: other },
  ];
  return { subjects, comparison: 'beside another', remarks: [] };
}

/** More epochs than this do not fit on a page. */
const MOST_EPOCHS = 12;

async function epochSubjects(source: FigureSource): Promise<FigureSubjects> {
  const { name, checkpoints } = await readRun(source.path);
  const whole = checkpoints.filter(({ form, step }) => form === 'train' && step === 0);
  if (whole.length === 0) throw new UserError(`run ${name} has no checkpoint of a whole epoch yet`);
  const shown = evenly(whole, MOST_EPOCHS);
  const files = await Promise.all(shown.map(({ file }) => pathInside(source.path, file)));
  const subjects = shown.map(({ epoch }, at) => ({ name: `epoch ${epoch}`, source: { ...source, path: files[at] }, epoch }));
  const few = shown.length === whole.length ? '' : `; ${shown.length} of its ${whole.length} checkpoints, evenly chosen`;
  return { subjects, comparison: 'over epochs', remarks: [`Run ${name}, after merging each checkpoint${few}.`] };
}

/** At most `count` items, the first and the last among them. */
export function evenly<T>(items: readonly T[], count: number): readonly T[] {
  if (items.length <= count) return items;
  return Array.from({ length: count }, (_, i) => items[Math.round((i * (items.length - 1)) / (count - 1))]);
}

/** The partitions a recipe asks for, else those the block has in its network. */
function wantedPartitions(recipe: PatternRecipe, { spec, path }: SourceBlock): Partitions {
  if (recipe.kind === 'overlay' && recipe.partitions !== undefined) return { down: recipe.partitions, across: recipe.partitions };
  return partitionsOf(spec, path);
}
