// One block: what the merge did to its pattern, its locality profile, and where it looks and writes.
import type { BlockPattern } from '@shared/pattern/analyse';
import { goTo } from '../../state/navigation';
import { Reading } from '../../ui/controls';
import { measured, percent } from '../../ui/format';
import { Panel } from '../../ui/Stage';
import { LocalityPlot } from './LocalityPlot';
import { DisplacementMaps, PositionMapsPanel } from './Maps';

export function BlockDetail({ pattern }: { readonly pattern: BlockPattern }) {
  const toMatrices = (
    <button type="button" className="button" data-testid="pattern-to-matrices" onClick={() => goTo('matrices')}>
      Show in matrices
    </button>
  );
  return (
    <>
      <Panel title={pattern.path || 'the whole network'} says={sizeText(pattern)} tools={toMatrices} testId="pattern-block">
        <div className="stack">
          <Shares pattern={pattern} />
          <p className="faint">
            {`The translation-invariant part after minus before equals the merged kernel to ${measured(pattern.projectionDifference)} of ${measured(pattern.largestMergedKernel)}, which is rounding.`}
          </p>
        </div>
      </Panel>
      <LocalityPlot pattern={pattern} />
      <div className="columns halves">
        <DisplacementMaps pattern={pattern} />
        <PositionMapsPanel pattern={pattern} />
      </div>
    </>
  );
}

function Shares({ pattern: { before, after, baselines } }: { readonly pattern: BlockPattern }) {
  return (
    <div className="figure-row">
      <Reading label="Translation-invariant, before" value={percent(before.invariantShare)} testId="invariant-before" />
      <Reading label="after" value={percent(after.invariantShare)} testId="invariant-after" />
      <Reading label="random weights" value={percent(baselines.randomInvariantShare)} />
      <Reading label="Half-energy radius, before" value={measured(before.locality.halfEnergyRadius)} unit="px" />
      <Reading label="after" value={measured(after.locality.halfEnergyRadius)} unit="px" />
      <Reading label="random weights" value={measured(baselines.random.halfEnergyRadius)} unit="px" />
      <Reading label="Long-range, before" value={percent(before.locality.longRangeShare)} />
      <Reading label="after" value={percent(after.locality.longRangeShare)} />
    </div>
  );
}

function sizeText({ shape: { O, channels, h, w }, largestKernel }: BlockPattern): string {
  const window = largestKernel > 0 ? `, largest kernel ${largestKernel}×${largestKernel}` : ', no conv branches';
  return `${O} × ${h} × ${w} outputs, ${channels} × ${h} × ${w} inputs each${window}`;
}
