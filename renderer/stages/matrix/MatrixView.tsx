// The matrices stage: FC3 of the block in focus before, added by the conv branches, and after the merge; or
// the merged matrices of two sets of weights with their difference; or any weight as it is.
import { useStore } from 'zustand/react';
import { weights } from '../../studio/network/weights';
import { Stage } from '../../studio/Stage';
import { EpochScrubber, OtherBlock, OtherChoice } from './Compare';
import { explorer } from './explorer';
import { MatrixExplorer } from './MatrixExplorer';
import { MatrixPicker } from './MatrixPicker';
import { PICTURE_ID } from './panes/MatrixCanvas';
import { panesOf } from './matrix-set';
import { Tools } from './Tools';
import { useWeightsInput } from './weights-input';

export function MatrixView() {
  const { input, problem } = useWeightsInput();
  const nothingChosen = useStore(weights, ({ blocks, tensor }) => blocks?.length === 0 && tensor === null);
  const tools = (
    <>
      <MatrixPicker />
      {input && !nothingChosen && <Tools input={input} />}
    </>
  );
  return (
    <Stage name="matrix" tools={tools} ofWeights filled skipTo={[PICTURE_ID, 'the matrices']}>
      {input && !nothingChosen ? (
        <MatrixExplorer key={panesOf(input).length} input={input} />
      ) : (
        <Nothing problem={problem} says={nothingChosen ? NO_BLOCK : WAITING} />
      )}
    </Stage>
  );
}

const WAITING = 'Waiting for the matrices of the weights in focus.';
const NO_BLOCK = 'These weights hold no RepMLP block. Choose one of their weights above: each can be looked at as a matrix.';

function Nothing({ problem, says }: { readonly problem: string | null; readonly says: string }) {
  const comparing = useStore(explorer, ({ other }) => other !== null);
  return (
    <div className="stack" data-testid="stage-matrix">
      {problem && comparing && (
        <div className="row">
          <OtherChoice />
          <OtherBlock />
        </div>
      )}
      <p className={problem ? 'says-error' : 'empty'} role="status">
        {problem ?? says}
      </p>
      <EpochScrubber />
    </div>
  );
}
