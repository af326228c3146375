// What the merge stage says of groups of families: before the merge what there is to merge, and what is asked; after it what was
// merged, on which assumptions, and what was left.
import type { OpenedCheckpoint } from '@shared/link/studio';
import { placeText } from '@shared/merge/recipes/summaries';
import type { MergeSummary } from '@shared/merge/report';
import { FamilyGroups } from '../../../studio/families/FamilyGroups';
import { openGroups } from '../../../studio/families/families';
import { Panel } from '../../../studio/Stage';

export function FamiliesFound({ file }: { readonly file: OpenedCheckpoint }) {
  const count = openGroups(file).length;
  const families = [...new Set(openGroups(file).map(({ family }) => family))];
  const says = count === 0 ? 'none that a merge would change' : `${count} ${count === 1 ? 'group' : 'groups'} of ${families.join(', ')}`;
  return (
    <Panel title="Re-parameterized groups" says={says} testId="families-found">
      <FamilyGroups file={file} />
    </Panel>
  );
}

/** What a merge by recipes did, in the order of the file. */
export function FamiliesMerged({ summary: { groups, left = [] } }: { readonly summary: MergeSummary }) {
  if (groups === undefined) return null;
  const assumed = [...new Set(groups.flatMap((group) => group.assumed))];
  return (
    <div className="stack" data-testid="families-merged">
      <p>{`Merged where they stand: ${groups.length} ${groups.length === 1 ? 'group' : 'groups'}. Everything else is unchanged.`}</p>
      {assumed.length > 0 && <p className="says-warning">{`Assumed, as no weights tell it: ${assumed.join('; ')}.`}</p>}
      {left.map(({ at, recipe, reason }) => (
        <p key={`${recipe} ${at}`} className="faint">
          {`Left: ${placeText(at)}${recipe === null ? '' : ` (${recipe})`}: ${reason}`}
        </p>
      ))}
    </div>
  );
}
