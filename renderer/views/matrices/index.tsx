// The matrices stage: FC3 of the block in focus before, added by the conv branches, and after the merge.
import { Stage } from '../../ui/Stage';
import { MatrixExplorer } from './MatrixExplorer';
import { useWeightsInput } from './weights-input';

export function MatricesView() {
  const { input, problem } = useWeightsInput();
  return <Stage name="matrices">{input ? <MatrixExplorer input={input} /> : <Nothing problem={problem} />}</Stage>;
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
