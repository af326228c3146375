// The verdict on the groups of a file: each merged layer inside the map, at its edges and in its corners, for a wrong border
// hides in a mean; and what differs, is odd or was left besides.
import type { GroupReport } from '@shared/proof/recipes/group-report';
import { modulePath } from '@shared/proof/recipes/group-report';
import { REGIONS, type ModuleVerdict, type RegionVerdict } from '@shared/proof/recipes/verdict';
import { placeText } from '@shared/merge/recipes/summaries';
import { Panel } from '../../../studio/Stage';
import { measured } from '../../../ui/format';

export function FamilyVerdict({ report }: { readonly report: GroupReport }) {
  const { groups } = report;
  return (
    <Panel
      title="Layer by layer, inside and at the border"
      says={`${groups.length} groups, each on inputs of its own; a share up to 1 is admitted`}
      bare
      testId="family-verdict"
    >
      <Said report={report} />
      <div className="table-frame">
        <table>
          <thead>
            <tr>
              <th>Layer</th>
              <th>Recipe</th>
              {REGIONS.map((region) => (
                <th key={region} className="number" title="largest difference, and its share of what is admitted for that output">
                  {region}
                </th>
              ))}
              <th>Verdict</th>
            </tr>
          </thead>
          <tbody>
            {groups.flatMap(({ recipe, prefix, modules }) =>
              modules.map((module) => <ModuleRow key={`${recipe} ${prefix} ${module.weight}`} recipe={recipe} module={module} />),
            )}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

/** What differs beside the layers, and what is odd. */
function Said({ report: { groups, problems, remarks } }: { readonly report: GroupReport }) {
  const refused = groups.flatMap(({ prefix, refusal }) => (refusal === null ? [] : [`${placeText(prefix)}: ${refusal}`]));
  return (
    <>
      {[...problems, ...refused].map((text) => (
        <p key={text} className="says-error">
          {text}
        </p>
      ))}
      {remarks.map((text) => (
        <p key={text} className="says-warning">
          {text}
        </p>
      ))}
    </>
  );
}

function ModuleRow({
  recipe,
  module: { weight, equivalent, regions, problem },
}: {
  readonly recipe: string;
  readonly module: ModuleVerdict;
}) {
  return (
    <tr>
      <td className="mono">{modulePath(weight)}</td>
      <td>{recipe}</td>
      {REGIONS.map((region) => (
        <RegionCell key={region} region={regions.find((one) => one.region === region)} />
      ))}
      <td className={equivalent ? 'good-cell' : 'bad-cell'}>
        {equivalent ? 'equal' : problem === null ? 'differs' : `differs: ${problem}`}
      </td>
    </tr>
  );
}

/** A linear layer has an inside alone. */
function RegionCell({ region }: { readonly region: RegionVerdict | undefined }) {
  if (!region) return <td className="number faint">none</td>;
  return (
    <td className={region.worstShare <= 1 ? 'number' : 'number bad-cell'} title={`${region.outputs} outputs`}>
      {`${measured(region.maxAbs)} (${measured(region.worstShare)})`}
    </td>
  );
}
