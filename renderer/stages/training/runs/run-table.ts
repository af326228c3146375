// Sorting, filtering and comparing runs.
import { judgedBy } from '@shared/training/loop/judged';
import type { RunRecord } from '@shared/run/run';

export type SortKey = 'name' | 'model' | 'recipe' | 'seed' | 'backend' | 'state' | 'best' | 'createdAt';

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

/** The best validation metric (of faces: accuracy on pairs) over the checkpoints; null before the first. */
export function bestMetric(run: RunRecord): number | null {
  const metrics = run.checkpoints.flatMap(({ validation }) => (validation ? [judgedBy(validation)] : []));
  return metrics.length === 0 ? null : Math.max(...metrics);
}

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

/** Runs in which every word of the query occurs in the name, network, recipe, backend or state. */
export function filterRuns<Run extends RunRecord>(list: readonly Run[], query: string): Run[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return list.filter(({ name, config, backend, state }) => {
    const text = `${name} ${config.spec.name} ${config.recipe.name} ${backend} ${state}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
