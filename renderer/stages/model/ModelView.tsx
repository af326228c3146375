// The model stage: the zoo, the diagram of the chosen network, and beside it its hyper-parameters and what it costs in both
// forms while they are edited.
import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { bothForms, type BothForms } from '@shared/cost/both-forms';
import { familyFileInFocus } from '../../studio/families/families';
import { network } from '../../studio/network/network';
import { weights } from '../../studio/network/weights';
import { Reading, Segments } from '../../ui/controls';
import { exact, percent, short, signed } from '../../ui/format';
import { Panel, Stage } from '../../studio/Stage';
import { mapText } from '@shared/figure/diagram/describe';
import { Diagram } from './Diagram';
import { DiagramFigureButton } from './DiagramFigureButton';
import { diagram } from './shown-form';
import { SettingsPanel } from './SettingsPanel';
import { diagramOf } from '@shared/figure/diagram/tree';
import { ZooList } from './ZooList';

export function ModelView() {
  const { spec, problem } = useStore(network);
  const family = useStore(weights, familyFileInFocus);
  const forms = useMemo(() => spec && bothForms(spec), [spec]);
  return (
    <Stage name="model">
      <div className="model-columns">
        <ZooList />
        <div className="stack model-picture">
          {family && (
            <p className="empty" data-testid="model-family">
              {`${family.fileName} holds blocks of known families, in no network known here: it has no diagram. Weights lists its blocks, Merge merges and proves them, Cost counts them.`}
            </p>
          )}
          {problem && !family && (
            <p className="says-error" role="alert" data-testid="model-problem">
              {problem}
            </p>
          )}
          {forms && <DiagramPanel forms={forms} />}
        </div>
        <div className="stack">
          {forms && <CostReadings forms={forms} />}
          {!family && <SettingsPanel />}
        </div>
      </div>
    </Stage>
  );
}

function CostReadings({ forms: { trainLedger: train, mergedLedger: merged } }: { readonly forms: BothForms }) {
  return (
    <Panel title="Cost" tools={<HowCounted convention={train.convention} />}>
      <div className="figure-row">
        <Reading label="Parameters, train form" value={exact(train.params)} testId="params-train" />
        <Reading label="Parameters, merged form" value={exact(merged.params)} testId="params-merged" />
        <Reading label="MACs, train form" value={short(train.macs)} testId="macs-train" />
        <Reading label="MACs, merged form" value={short(merged.macs)} testId="macs-merged" />
        <Reading label="MACs, change" value={signed((merged.macs - train.macs) / train.macs, percent)} />
      </div>
    </Panel>
  );
}

function HowCounted({ convention }: { readonly convention: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      {open && <span className="faint">{convention}</span>}
      <button type="button" className="button quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
        How it is counted
      </button>
    </>
  );
}

function DiagramPanel({ forms }: { readonly forms: BothForms }) {
  const form = useStore(diagram, (state) => state.form);
  const spec = forms[form];
  const nodes = useMemo(() => diagramOf(forms[form], form === 'train' ? forms.trainLedger : forms.mergedLedger), [forms, form]);
  const tools = (
    <>
      <Segments
        label="Form"
        value={form}
        onChange={(chosen) => diagram.setState({ form: chosen })}
        testId="diagram-form"
        options={[
          ['train', 'Train form'],
          ['merged', 'Merged form'],
        ]}
      />
      <DiagramFigureButton nodes={nodes} form={form} />
    </>
  );
  const { channels, height, width } = spec.input;
  return (
    <Panel title="Diagram" says="from top to bottom; blocks open" tools={tools}>
      <Diagram key={`${spec.name}:${form}`} nodes={nodes} input={mapText([channels, height, width])} />
    </Panel>
  );
}
