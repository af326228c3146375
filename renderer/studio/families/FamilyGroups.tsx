// What merge recipes find in an opened file: its groups by family, what is asked of them, and what is left and why.
import { group } from 'd3-array';
import { Fragment } from 'react';
import type { FamilyGroup, FamilyLeft, OpenedCheckpoint } from '@shared/link/studio';
import { placeText } from '@shared/merge/recipes/summaries';
import { FamilyHelpButton } from './FamilyHelp';
import { FamilyQuestions } from './FamilyQuestions';
import './families.css';

const FORMS: Readonly<Record<FamilyGroup['form'], string>> = {
  train: 'train form',
  merged: 'merged form',
  both: 'merged form, with the branches still there',
};

export function FamilyGroups({ file }: { readonly file: OpenedCheckpoint }) {
  const { groups, left } = file.families;
  return (
    <div className="stack" data-testid="family-groups">
      {groups.length > 0 && <GroupTable groups={groups} />}
      <FamilyQuestions file={file} />
      {left.length > 0 && <LeftList left={left} />}
    </div>
  );
}

function GroupTable({ groups }: { readonly groups: readonly FamilyGroup[] }) {
  const kinds = group(groups, ({ recipe, form }) => `${recipe} ${form}`);
  return (
    <div className="table-frame">
      <table>
        <thead>
          <tr>
            <th>Family</th>
            <th>Block</th>
            <th>Form</th>
            <th className="number">Groups</th>
            <th>Where</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {[...kinds.values()].map((some) => (
            <KindRow key={`${some[0].recipe} ${some[0].form}`} groups={some} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function KindRow({ groups }: { readonly groups: readonly FamilyGroup[] }) {
  const [{ family, title, recipe, form }] = groups;
  return (
    <tr>
      <td>{family}</td>
      <td title={`recipe ${recipe}`}>{title}</td>
      <td>
        <span className={`tag ${form === 'train' ? 'train' : 'merged'}`}>{FORMS[form]}</span>
      </td>
      <td className="number">{groups.length}</td>
      <td>
        <Places places={groups.map(({ at }) => placeText(at))} />
      </td>
      <td>
        <FamilyHelpButton family={family} />
      </td>
    </tr>
  );
}

/** A few places at once; many behind a fold. */
function Places({ places }: { readonly places: readonly string[] }) {
  if (places.length <= 3) return <span className="mono">{places.join(', ')}</span>;
  return (
    <details>
      <summary className="mono">{`${places[0]} and ${places.length - 1} more`}</summary>
      <span className="mono">{places.slice(1).join(', ')}</span>
    </details>
  );
}

/** What is left, a line a reason. */
function LeftList({ left }: { readonly left: readonly FamilyLeft[] }) {
  const reasons = group(left, ({ recipe, reason }) => `${recipe ?? ''} ${reason}`);
  return (
    <div data-testid="family-left">
      <h3>Left as it is, and why</h3>
      <dl className="left-list">
        {[...reasons].map(([key, some]) => (
          <Fragment key={key}>
            <dt>
              <Places places={some.map(({ at }) => placeText(at))} />
            </dt>
            <dd>{some[0].recipe === null || some[0].named.length > 1 ? some[0].reason : `${some[0].recipe}: ${some[0].reason}`}</dd>
          </Fragment>
        ))}
      </dl>
    </div>
  );
}
