// Other networks in the same ledger, under the same convention: what this network's cost is held against.
import { useMemo, useState } from 'react';
import { buildModel, zoo } from '@shared/model/zoo';
import type { Convention } from '@shared/cost/ledger';
import { bothForms, type BothForms } from '@shared/cost/both-forms';
import { chooseModel } from '../../../studio/network/network';
import { exact, measured } from '../../../ui/format';
import { Panel } from '../../../studio/Stage';
import { NumberHeads } from '../../../ui/NumberHeads';
import { OTHER_NETWORKS } from './other-network-names';

export function OtherNetworks({ forms }: { readonly forms: BothForms }) {
  const [names, setNames] = useState(OTHER_NETWORKS);
  const { rules } = forms.trainLedger;
  const others = useMemo(() => names.map((name) => countedModel(name, rules)), [names, rules]);
  const left = zoo.filter(({ name }) => !names.includes(name));
  const tools = (
    <select aria-label="Add a network" data-testid="add-network" value="" onChange={(event) => setNames([...names, event.target.value])}>
      <option value="">Add a network</option>
      {left.map(({ name }) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  );
  return (
    <Panel title="Other networks" says="in the same ledger, under the same convention" tools={tools} bare testId="other-networks">
      <div className="table-frame" tabIndex={0} role="region" aria-label="Networks to compare with">
        <table className="runs">
          <OtherNetworksHead unit={rules.unit === 'macs' ? 'MACs' : 'FLOPs'} />
          <tbody>
            <NetworkRow forms={forms} against={forms} />
            {others.map((other) => (
              <NetworkRow
                key={other.train.name}
                forms={other}
                against={forms}
                onRemove={() => setNames(names.filter((n) => n !== other.train.name))}
              />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function OtherNetworksHead({ unit }: { readonly unit: string }) {
  return (
    <thead>
      <tr>
        <th>Network</th>
        <th>Input</th>
        <NumberHeads titles={['Params, train', 'Params, merged', `${unit}, train`, `${unit}, merged`, 'relative', 'FLOPs per byte']} />
        <td />
      </tr>
    </thead>
  );
}

interface RowProps {
  readonly forms: BothForms;
  /** The network whose merged form is 1. */
  readonly against: BothForms;
  readonly onRemove?: () => void;
}

function NetworkRow({ forms: { trainLedger: train, mergedLedger: merged }, against, onRemove }: RowProps) {
  const numbers = [train.params, merged.params, train.operations, merged.operations];
  return (
    <tr aria-selected={onRemove === undefined}>
      <td>{onRemove ? <ModelButton name={train.model} /> : <strong>{train.model}</strong>}</td>
      <td>{train.input.join('×')}</td>
      {numbers.map((value, index) => (
        <td key={index} className="number">
          {exact(value)}
        </td>
      ))}
      <td className="number">{`${measured(merged.operations / against.mergedLedger.operations)} ×`}</td>
      <td className="number">{measured((2 * merged.macs) / merged.bytes)}</td>
      <td>
        {onRemove && (
          <button type="button" className="button quiet" aria-label={`Remove ${train.model}`} onClick={onRemove}>
            Remove
          </button>
        )}
      </td>
    </tr>
  );
}

function ModelButton({ name }: { readonly name: string }) {
  return (
    <button type="button" className="group-button" title="Show its ledger" onClick={() => chooseModel(name)}>
      {name}
    </button>
  );
}

const counted = new Map<string, BothForms>();

/** Both ledgers of a zoo model, counted once per convention. */
function countedModel(name: string, rules: Convention): BothForms {
  const key = `${name} ${JSON.stringify(rules)}`;
  const forms = counted.get(key) ?? bothForms(buildModel(name), rules);
  counted.set(key, forms);
  return forms;
}
