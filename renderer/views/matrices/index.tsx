// The matrices stage: FC3 of the block in focus before, added by the conv branches, and after the merge; or
// the merged matrices of two sets of weights with their difference.
import { Stage } from '../../ui/Stage';
import { WeightsPicker } from '../../ui/WeightsPicker';
import { EpochScrubber } from './Compare';
import { MatrixExplorer } from './MatrixExplorer';
import { useWeightsInput } from './weights-input';

export function MatricesView() {
  const { input, problem } = useWeightsInput();
  const tools = (
    <>
      <EpochScrubber />
      <WeightsPicker withBlock />
    </>
  );
  return (
    <Stage name="matrices" tools={tools}>
      {input ? <MatrixExplorer input={input} /> : <Nothing problem={problem} />}
    </Stage>
  );
}

function Nothing({ problem }: { readonly problem: string | null }) {
  return (
    <div data-testid="stage-matrices">
      <p className={problem ? 'says-error' : 'empty'} role="status">
        {problem ?? 'Waiting for the matrices of the weights in focus.'}
      </p>
    </div>
  );
}
