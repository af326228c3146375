// Groups of re-parameterized families in the weights in focus: what an opened file holds of them, and what the user says of them.
import type { FamilyChoice, OpenedCheckpoint, WeightsReference } from '@shared/link/studio';
import { studio } from '../studio';
import { fileOf, weights, type Weights } from '../network/weights';

/** The opened file in focus, where merge recipes find something in it; else null. */
export function familyFileInFocus(state: Weights): OpenedCheckpoint | null {
  const file = state.inFocus ? fileOf(state) : undefined;
  return file && hasFamilies(file) ? file : null;
}

/** Whether merge recipes find groups in a file, or know why they leave some. */
export function hasFamilies({ families: { groups, left } }: OpenedCheckpoint): boolean {
  return groups.length > 0 || left.some(({ recipe }) => recipe !== null);
}

/** The families of the blocks in some weights, where they are those of a file of no network that is known here; else null. */
export function familiesOf(reference: WeightsReference, { opened }: Pick<Weights, 'opened'>): readonly string[] | null {
  const file = fileOf({ reference, opened });
  if (file === undefined || file.recognised !== null || !hasFamilies(file)) return null;
  const { groups, left } = file.families;
  const named = groups.length > 0 ? groups.map(({ family }) => family) : left.flatMap(({ family }) => family ?? []);
  return [...new Set(named)];
}

/** What a file of such blocks is called where a network's name would stand. */
export function familiesText(families: readonly string[]): string {
  if (families.length === 0) return 'blocks of known families';
  return `${families.slice(0, 3).join(', ')}${families.length > 3 ? ` and ${families.length - 3} more` : ''}`;
}

/** Groups that a merge would change. */
export function openGroups({ families }: OpenedCheckpoint): OpenedCheckpoint['families']['groups'] {
  return families.groups.filter(({ form }) => form !== 'merged');
}

/** How many RepMLP blocks inside an unknown network, and groups of families, a merge of a file would change. */
export function mergeableIn(file: OpenedCheckpoint): number {
  return (file.recognised === null ? file.inside.length : 0) + openGroups(file).length;
}

/** Says which recipes are meant and numbers that no weights hold. Rejects where a recipe does not exist or a setting is no number. */
export async function sayFamily(id: string, said: FamilyChoice): Promise<void> {
  const { recipe, setting, own = [] } = said;
  takeReading(await studio().checkpoint.family({ id, recipe: [...recipe], setting: [...setting], own: [...own] }));
}

/** Takes a file as it is read now, in place of what it was. */
export function takeReading(file: OpenedCheckpoint): void {
  // Verdicts and steps of what was said before are gone.
  weights.setState(({ opened, reading }) => ({ opened: opened.map((one) => (one.id === file.id ? file : one)), reading: reading + 1 }));
}
