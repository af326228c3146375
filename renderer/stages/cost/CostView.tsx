// The cost stage: the ledger of both forms of the chosen network under a named convention.
import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { costGroups } from '@shared/cost/cost-groups';
import type { GroupLevel } from '@shared/cost/grouping';
import { cost } from './cost';
import { bothForms, type BothForms } from '@shared/cost/both-forms';
import { network } from '../../studio/network/network';
import { CommandButton } from '../../studio/CommandButton';
import { Reading, Segments } from '../../ui/controls';
import { costCommands } from './commands';
import { exact, percent, signed } from '../../ui/format';
import { Panel, Stage } from '../../studio/Stage';
import { ConventionSwitches } from './ConventionSwitches';
import { CostBars } from './ledger/CostBars';
import { FormulaPanel, type ShownFormula } from './ledger/FormulaPanel';
import { Icicle } from './ledger/Icicle';
import { LedgerTable } from './ledger/LedgerTable';
import { Int8Panel } from './int8/Int8Panel';
import { MeasuredTimes } from './MeasuredTimes';
import { Compared } from './comparison/Compared';
import { PublishedTable } from './comparison/PublishedTable';
import { RunScatter } from './comparison/RunScatter';
import { OtherNetworks } from './comparison/OtherNetworks';
import { familyFileInFocus } from '../../studio/families/families';
import { weights } from '../../studio/network/weights';
import { FamilyCost } from './families/FamilyCost';
import './cost.css';

export function CostView() {
  const { spec, problem } = useStore(network);
  const { convention, level } = useStore(cost);
  const family = useStore(weights, familyFileInFocus);
  const [formula, setFormula] = useState<ShownFormula | null>(null);
  const forms = useMemo(() => spec && bothForms(spec, convention), [spec, convention]);
  const groups = useMemo(() => forms && costGroups(forms.trainLedger, forms.mergedLedger, level), [forms, level]);
  return (
    <Stage name="cost" tools={<Tools level={level} />}>
      <div className="stack">
        {problem && !family && <p className="says-error">{problem}</p>}
        {forms && <Totals forms={forms} />}
        {forms && <Compared forms={forms} />}
        {family && <FamilyCost key={family.id} file={family} />}
        {forms && groups && (
          <>
            <CostBars groups={groups} unit={convention.unit} />
            <ConventionSwitches />
            <FormulaPanel formula={formula} />
            <LedgerTable groups={groups} unit={convention.unit} formula={formula} onFormula={setFormula} />
            <NotCounted forms={forms} />
            <Icicle forms={forms} onFormula={setFormula} />
            <PublishedTable train={forms.train} />
            <MeasuredTimes forms={forms} />
            <Int8Panel />
            <OtherNetworks forms={forms} />
            <RunScatter />
          </>
        )}
      </div>
    </Stage>
  );
}

function Tools({ level }: { readonly level: GroupLevel }) {
  return (
    <>
      <Segments
        label="Group by"
        value={level}
        onChange={(chosen) => cost.setState({ level: chosen })}
        testId="cost-level"
        options={[
          ['stage', 'By stage'],
          ['block', 'By block'],
          ['layer', 'By layer'],
        ]}
      />
      <CommandButton command={costCommands['export-csv']}>Save CSV</CommandButton>
      <CommandButton command={costCommands['export-json']}>Save JSON</CommandButton>
      <CommandButton command={costCommands['export-cost-figure']}>Save figure</CommandButton>
    </>
  );
}

function Totals({ forms: { trainLedger: train, mergedLedger: merged } }: { readonly forms: BothForms }) {
  const unit = train.rules.unit === 'macs' ? 'MACs' : 'FLOPs';
  return (
    <Panel title={train.model} says={`input ${train.input.join('×')}, batch 1`}>
      <div className="figure-row">
        <Reading label="Parameters, train form" value={exact(train.params)} testId="cost-params-train" />
        <Reading label="Parameters, merged form" value={exact(merged.params)} testId="cost-params-merged" />
        <Reading label={`${unit}, train form`} value={exact(train.operations)} testId="cost-operations-train" />
        <Reading label={`${unit}, merged form`} value={exact(merged.operations)} testId="cost-operations-merged" />
        <Reading label={`${unit}, change`} value={signed((merged.operations - train.operations) / train.operations, percent)} />
      </div>
    </Panel>
  );
}

function NotCounted({ forms }: { readonly forms: BothForms }) {
  const [train, merged] = [forms.trainLedger.notCounted, forms.mergedLedger.notCounted];
  const lines = [...train.map((line) => (merged.includes(line) ? line : `${line} (train form)`)), ...onlyIn(merged, train)];
  return (
    <Panel title="Not counted" says={lines.length === 0 ? 'nothing is left out' : undefined} testId="not-counted">
      <ul className="plain-list">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </Panel>
  );
}

function onlyIn(merged: readonly string[], train: readonly string[]): string[] {
  return merged.filter((line) => !train.includes(line)).map((line) => `${line} (merged form)`);
}
