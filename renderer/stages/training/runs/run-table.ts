// Sorting, filtering and comparing runs.
import { z } from 'zod';
import { bestMetric } from '@shared/run/run-cost';
import type { ListedRun } from '@shared/link/studio';
import type { RunRecord } from '@shared/run/run';

const sortKey = z.enum(['name', 'model', 'recipe', 'seed', 'backend', 'state', 'best', 'createdAt']);
export type SortKey = z.infer<typeof sortKey>;
export const runSort = z.object({ key: sortKey, descending: z.boolean() }).readonly();
export type RunSort = z.infer<typeof runSort>;

export const COLUMNS: readonly (readonly [SortKey, string])[] = [
  ['name', 'Run'],
  ['best', 'Best validation'],
  ['model', 'Network'],
  ['recipe', 'Recipe'],
  ['seed', 'Seed'],
  ['backend', 'Backend'],
  ['state', 'State'],
  ['createdAt', 'Created'],
];

function valueOf(run: RunRecord, key: SortKey): string | number {
  switch (key) {
    case 'model':
      return run.config.spec.name;
    case 'recipe':
      return run.config.recipe.name;
    case 'seed':
      return run.config.seed;
    case 'best':
      return bestMetric(run) ?? -1;
    default:
      return run[key];
  }
}

export function sortRuns<Run extends RunRecord>(list: readonly Run[], key: SortKey, descending: boolean): Run[] {
  const direction = descending ? -1 : 1;
  return [...list].sort((a, b) => {
    const [x, y] = [valueOf(a, key), valueOf(b, key)];
    return direction * (typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y)));
  });
}

/** What a run is found by besides its record. */
type Found = RunRecord & Partial<Pick<ListedRun, 'tags' | 'note'>>;

/** Runs in which every word of the query occurs in the name, network, recipe, backend, state, tags or note. */
export function filterRuns<Run extends Found>(list: readonly Run[], query: string): Run[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return list.filter(({ name, config, backend, state, tags = [], note = '' }) => {
    const text = `${name} ${config.spec.name} ${config.recipe.name} ${backend} ${state} ${tags.join(' ')} ${note}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
