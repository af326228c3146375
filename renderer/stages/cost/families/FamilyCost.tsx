// What the groups of families in a file of an unknown network cost: their branches in training form, where the recipes tell what
// runs, against the one layer that each is once merged, on a map of the size that is chosen.
import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { messageOf } from '@shared/base/message-of';
import { costGroups } from '@shared/cost/cost-groups';
import { type FamilyLedgers } from '@shared/cost/family-ledgers';
import { mapAssumption } from '@shared/cost/kernel-ledger';
import type { Ledger } from '@shared/cost/ledger';
import type { OpenedCheckpoint } from '@shared/link/studio';
import { kernelMapSize } from '../../../studio/families/kernels';
import { NoKernels } from '../../../studio/families/NoKernels';
import { MapField } from '../../../studio/families/MapField';
import { useKernels } from '../../../studio/families/useKernels';
import { Panel } from '../../../studio/Stage';
import { Reading } from '../../../ui/controls';
import { exact, percent, signed } from '../../../ui/format';
import { ConventionSwitches } from '../ConventionSwitches';
import { cost } from '../cost';
import { CostBars } from '../ledger/CostBars';
import { FormulaPanel, type ShownFormula } from '../ledger/FormulaPanel';
import { LedgerTable } from '../ledger/LedgerTable';
import { ledgersShown, mapInForce } from './family-cost';
import { MergedLedger } from './MergedLedger';

export function FamilyCost({ file }: { readonly file: OpenedCheckpoint }) {
  const { found, problem } = useKernels();
  const { text } = useStore(kernelMapSize);
  const { convention } = useStore(cost);
  const ledgers = useMemo(() => counted(found && (() => ledgersShown(found))), [found, text, convention]);
  if (problem !== null) return <NoKernels file={file} problem={problem} />;
  if (ledgers === null) return <p className="faint">Counting the layers of its groups</p>;
  if (typeof ledgers === 'string') return <p className="says-error">{ledgers}</p>;
  return <Counted ledgers={ledgers} />;
}

/** What counts, or why it cannot. */
function counted(count: (() => FamilyLedgers) | null): FamilyLedgers | string | null {
  try {
    return count && count();
  } catch (error) {
    return messageOf(error);
  }
}

function Counted({ ledgers }: { readonly ledgers: FamilyLedgers }) {
  const { train, merged, reason } = ledgers;
  return (
    <>
      <Totals {...ledgers} />
      {reason !== null && <p className="says-warning" data-testid="train-not-counted">{`Training form not counted: ${reason}.`}</p>}
      {train ? (
        <BothForms train={train} merged={merged} />
      ) : (
        <>
          <MergedLedger ledger={merged} />
          <ConventionSwitches />
        </>
      )}
      <Panel title="Not counted" testId="not-counted">
        <ul className="plain-list">
          {[...new Set([...(train?.notCounted ?? []), ...merged.notCounted])].map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </Panel>
    </>
  );
}

function Totals({ train, merged }: FamilyLedgers) {
  const unit = merged.rules.unit === 'macs' ? 'MACs' : 'FLOPs';
  const { text } = useStore(kernelMapSize);
  const map = (
    <MapField
      text={text}
      usual={mapInForce().join('x')}
      says="positions of the map that every convolution is counted on"
      onTake={(size) => kernelMapSize.setState({ text: size })}
      testId="cost-map"
    />
  );
  return (
    <Panel title={merged.model} says="its groups of known families, each layer by itself" tools={map} testId="family-cost">
      <div className="figure-row">
        {train && <Reading label="Parameters, train form" value={exact(train.params)} testId="cost-params-train" />}
        <Reading label="Parameters, merged form" value={exact(merged.params)} testId="cost-params-merged" />
        {train && <Reading label={`${unit}, train form`} value={exact(train.operations)} testId="cost-operations-train" />}
        <Reading label={`${unit}, merged form`} value={exact(merged.operations)} testId="cost-operations-merged" />
        {train && train.operations > 0 && (
          <Reading label={`${unit}, change`} value={signed((merged.operations - train.operations) / train.operations, percent)} />
        )}
      </div>
      <p className="faint" data-testid="cost-assumed">{`${startingLarge(mapAssumption(mapInForce()))}.`}</p>
    </Panel>
  );
}

function startingLarge(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function BothForms({ train, merged }: { readonly train: Ledger; readonly merged: Ledger }) {
  const level = useStore(cost, (state) => state.level);
  const [formula, setFormula] = useState<ShownFormula | null>(null);
  const groups = useMemo(() => costGroups(train, merged, level), [train, merged, level]);
  const { unit } = merged.rules;
  return (
    <>
      <CostBars groups={groups} unit={unit} />
      <ConventionSwitches />
      <FormulaPanel formula={formula} />
      <LedgerTable groups={groups} unit={unit} formula={formula} onFormula={setFormula} />
    </>
  );
}
