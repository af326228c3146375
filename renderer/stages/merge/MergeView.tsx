// The merge stage: fold the branches into FC3, read whether the function is unchanged, walk the steps.
import { useStore } from 'zustand';
import { attempt } from '../../studio/notices';
import { merge, storeMergedAs } from './merge';
import { weights, fileOf, isUndecided } from '../../studio/network/weights';
import { CommandButton, WaitReason } from '../../studio/CommandButton';
import { mergeCommands } from './commands';
import { measured, percent } from '../../ui/format';
import { Panel, Stage } from '../../studio/Stage';
import { SaveWeights, stemOf } from '../../studio/network/SaveWeights';
import { BlockPicker } from '../../studio/network/BlockPicker';
import { Against } from './Against';
import { LayerTable } from './LayerTable';
import { StepWalk } from './StepWalk';
import { FamiliesFound, FamiliesMerged } from './families/FamilyMerge';
import { FamilyStepWalk } from './families/FamilyStepWalk';
import { FamilyVerdict } from './families/FamilyVerdict';
import { familyFileInFocus } from '../../studio/families/families';
import type { StoredPrecision } from '@shared/merge/report';
import { stageName } from '../../studio/navigation';
import { isGroupReport } from '@shared/proof/recipes/group-report';
import './merge.css';
import { divergenceText } from '@shared/proof/divergence-text';
import { inputsText } from '@shared/proof/inputs-text';
import { NumberField, Reading, Why } from '../../ui/controls';

export function MergeView() {
  const { report, summary, busy } = useStore(merge);
  const families = useStore(weights, familyFileInFocus);
  const tools = (
    <>
      {!(families && families.inside.length === 0) && <BlockPicker />}
      <CommandButton command={mergeCommands['run-merge']} primary />
      <CommandButton command={mergeCommands.verify} />
    </>
  );
  return (
    <Stage name="merge" tools={tools} ofWeights>
      <div className="stack">
        <WaitReason command={mergeCommands['run-merge']} />
        <ReadAs />
        <MergeProgressBar />
        {families && !report && <FamiliesFound file={families} />}
        {!families && !summary && !report && !busy && <BeforeMerging />}
        <Verdict />
        <StepWalk />
        {families && <FamilyStepWalk key={families.id} file={families} />}
        {families && report && <FamiliesFound file={families} />}
        <MergeOptions />
        <Against />
        <Merged />
        {report && (isGroupReport(report) ? <FamilyVerdict report={report} /> : <LayerTable report={report} />)}
      </div>
    </Stage>
  );
}

/** The merged weights, to be saved. */
function Merged() {
  const { summary, merged, storeAs } = useStore(merge);
  const label = useStore(weights, (state) => state.label);
  if (!merged || !summary) return null;
  return (
    <Panel
      title="Merged"
      says={`${summary.mergedLayers.length} ${summary.mergedLayers.length === 1 ? 'layer' : 'layers'} in ${measured(summary.milliseconds)} ms`}
    >
      <SaveWeights
        reference={merged}
        what="the merged weights"
        stem={`${stemOf(label)}-merged`}
        storeAs={storeAs}
        onStoreAs={(type) => void attempt(() => storeMergedAs(type))}
        testId="merged"
      />
      <FamiliesMerged summary={summary} />
    </Panel>
  );
}

/** How the file in focus was read: partitions assumed, names and biases folded, eps; and where its question is to be answered. */
function ReadAs() {
  const file = useStore(weights, fileOf);
  if (!file || (file.notes.length === 0 && file.eps.length === 0)) return null;
  return (
    <div className="stack" data-testid="read-as">
      {isUndecided(file) && (
        <p className="says-warning">{`The partition of its blocks has to be said first, in ${stageName('checkpoint')}.`}</p>
      )}
      {file.notes.map((note) => (
        <p key={note} className="says-warning">
          {note}
        </p>
      ))}
      {file.eps.length > 0 && <p className="faint">{`eps of the batch norms: ${file.eps.join(', ')}`}</p>}
    </div>
  );
}

function BeforeMerging() {
  return (
    <section className="verdict" aria-label="Before merging">
      <h2>Not merged yet</h2>
      <p>Folds every batch norm and conv branch into FC3, then compares both forms layer by layer. The merged network is a new one.</p>
    </section>
  );
}

/** Whether the weights in focus are a file of a network that is not known: only the blocks inside can be merged. */
function useBlocksOnly(): boolean {
  const { reference, opened } = useStore(weights);
  return reference.kind === 'file' && opened.some(({ id, recognised }) => id === reference.id && recognised === null);
}

function FuseAll() {
  const fuseAllConvBn = useStore(merge, (state) => state.fuseAllConvBn);
  const blocksOnly = useBlocksOnly();
  return (
    <label className="row">
      <input
        type="checkbox"
        checked={fuseAllConvBn && !blocksOnly}
        disabled={blocksOnly}
        data-testid="fuse-all"
        onChange={(event) => merge.setState({ fuseAllConvBn: event.target.checked })}
      />
      {blocksOnly
        ? 'conv-BN pairs outside its blocks stay as they are: of an unknown network only blocks and groups of known families are merged'
        : 'fuse conv-BN pairs that the official conversion leaves alone, too'}
    </label>
  );
}

function MergeOptions() {
  const { seed, batch } = useStore(merge);
  // Groups are merged whole, and run on inputs of their own.
  const groupsAlone = useStore(weights, (state) => familyFileInFocus(state)?.inside.length === 0);
  return (
    <div className="row merge-options" role="group" aria-label="How it is merged and verified">
      {!groupsAlone && (
        <NumberField
          label="Inputs to verify on"
          value={batch}
          min={1}
          testId="verify-batch"
          onChange={(chosen) => merge.setState({ batch: chosen })}
        />
      )}
      <NumberField
        label="Seed of the inputs"
        value={seed}
        min={0}
        testId="verify-seed"
        onChange={(chosen) => merge.setState({ seed: chosen })}
      />
      {!groupsAlone && <FuseAll />}
    </div>
  );
}

function MergeProgressBar() {
  const { busy, progress, verified } = useStore(merge);
  if (busy === null) return null;
  const part = busy === 'verifying' ? verified : (progress ?? { done: 0, total: 1 });
  return (
    <div className="stack" role="status" data-testid="merge-progress">
      <progress max={part?.total ?? 1} value={part?.done} aria-label={busy} />
      <span className="faint">
        {busy === 'verifying'
          ? `Comparing train and merged form, layer by layer${verified ? `: ${verified.done} of ${verified.total} inputs` : ''}`
          : progress
            ? `${progress.done} of ${progress.total}: ${progress.layer}`
            : 'Reading the weights'}
      </span>
    </div>
  );
}

/** In which types both forms are stored. */
function storedText({ train, merged }: StoredPrecision): string {
  return `${train.join(' and ')} (train), ${merged.join(' and ')} (merged)`;
}

/** The verdict, big and plain: equivalent or not, with the numbers it rests on. */
function Verdict() {
  const { report, against } = useStore(merge);
  if (!report) return null;
  const { equivalent, maxAbs, maxRel, tolerance, toleranceReason, storage, argMaxAgreement, inputs, backend } = report;
  const divergence = divergenceText(report);
  const failing = report.layers.filter((layer) => !layer.equivalent).length;
  return (
    <section
      className={equivalent ? 'verdict good' : 'verdict bad'}
      data-testid="verdict"
      data-equivalent={equivalent}
      role="status"
      aria-label="Verdict"
    >
      <h2>{equivalent ? 'Equivalent' : 'Not equivalent'}</h2>
      {against !== null && <p data-testid="verdict-against">{`${against}, made elsewhere, against the weights in focus.`}</p>}
      <div className="verdict-numbers">
        <Reading label="Largest difference" value={measured(maxAbs)} testId="verdict-max-abs" />
        <Reading label="Relative" value={measured(maxRel)} testId="verdict-max-rel" />
        <Reading label="Tolerance" value={measured(tolerance)} />
        {argMaxAgreement !== null && <Reading label="Same answer" value={percent(argMaxAgreement)} unit="of inputs" />}
      </div>
      {divergence !== null && <p data-testid="verdict-divergence">{`${divergence}; layers that differ: ${failing}.`}</p>}
      {/* What the text begins with is where it was computed; the driver behind it is for whoever asks. */}
      <Why
        says={
          <>
            {`Compared on ${inputsText(inputs.shape ? inputs : { ...inputs, blocks: [] })}, backend ${backend.split(',')[0]}`}
            {storage && <span data-testid="verdict-storage">{`; stored as ${storedText(storage)}`}</span>}.
          </>
        }
        why={
          <>
            {storage && <p data-testid="verdict-storage-why">{`Half precision: ${storage.text}.`}</p>}
            <p>{`Tolerance: ${toleranceReason}`}</p>
            {!inputs.shape && <p>{`Inputs: ${inputsText(inputs)}.`}</p>}
            <p>{`Backend ${backend}.`}</p>
          </>
        }
      />
    </section>
  );
}
