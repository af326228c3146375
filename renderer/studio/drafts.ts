// Texts that fields refused, kept over a change of stage: they are there again when their field is, and whatever would
// start from them waits and says why. Invariant: a draft is dropped when its field leaves while its stage stays.
import type { Draft, DraftKeeper } from '../ui/draft';
import { navigation, STAGE_TEXT, type Stage } from './navigation';
import { createStore } from './state';

interface Refused extends Draft {
  readonly stage: Stage;
  readonly field: string;
}

export const drafts = createStore<{ readonly refused: readonly Refused[] }>(() => ({ refused: [] }));

const isOf =
  (stage: Stage, field: string) =>
  (draft: Refused): boolean =>
    draft.stage === stage && draft.field === field;

function drop(stage: Stage, field: string): void {
  const { refused } = drafts.getState();
  if (refused.some(isOf(stage, field))) drafts.setState({ refused: refused.filter((draft) => !isOf(stage, field)(draft)) });
}

/** Keeps the drafts of the fields of the shown stage. */
export const draftKeeper: DraftKeeper = {
  read: (field) => drafts.getState().refused.find(isOf(navigation.getState().stage, field)),
  write: (field, draft) => {
    const { stage } = navigation.getState();
    drop(stage, field);
    if (draft) drafts.setState(({ refused }) => ({ refused: [...refused, { ...draft, stage, field }] }));
  },
  leave: (field) => drop(navigation.getState().stage, field),
};

/** Forgets what was refused on a stage: its fields stand for something else now. */
export function dropDrafts(stage: Stage, fields: readonly string[]): void {
  fields.forEach((field) => drop(stage, field));
}

/** Why what starts from the fields of these stages waits; null where none holds a refused text. */
export function refusedOn(...stages: readonly Stage[]): string | null {
  const found = drafts.getState().refused.find(({ stage }) => stages.includes(stage));
  if (!found) return null;
  const where = found.stage === navigation.getState().stage ? '' : ` (${STAGE_TEXT[found.stage].title})`;
  return `${found.label}${where}: ${found.problem}; it holds "${found.text}"`;
}
