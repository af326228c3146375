// Evaluation of the weights in focus on the chosen data set: which form, how scenes are given to the network,
// and what came of it.
import { useStore } from 'zustand';
import { dataset } from '../../dataset';
import { evaluation, formOf, mayHoldScenes, stopEvaluation, trainedOnOther } from './evaluation';
import { runs } from '../../../studio/runs/runs';
import { weights } from '../../../studio/network/weights';
import { CommandButton } from '../../../studio/CommandButton';
import { Segments } from '../../../ui/controls';
import { trainingCommands } from '../commands';
import { exact } from '../../../ui/format';
import { Panel } from '../../../studio/Stage';
import { EvaluationResultView } from './EvaluationResultView';
import './evaluation.css';
import { stageName } from '../../../studio/navigation';

const FORMS = [
  ['both', 'Both forms'],
  ['own', 'As stored'],
] as const;
const VIEWS = [
  ['whole', 'Scenes whole'],
  ['sliding', 'Sliding windows'],
] as const;

export function EvaluatePanel() {
  const { busy, progress, subject, result, both } = useStore(evaluation);
  const merged = useMerged();
  const other = useTrainedOnOther();
  const forms = merged
    ? MERGED_ALREADY
    : both
      ? 'as they are stored and merged, compared sample by sample'
      : 'in the form they are stored in';
  const says = busy && progress ? `${subject}: ${exact(progress.done)} of ${exact(progress.total)} pictures` : subject;
  return (
    <Panel title="Evaluation" says={says} tools={<Tools />} testId="evaluation">
      {other !== null && <p className="faint" data-testid="trained-on">{`These weights were trained on other data: ${other}.`}</p>}
      {busy && <progress aria-label="Pictures evaluated" {...(progress && { value: progress.done, max: progress.total })} />}
      {!result && !busy && (
        <p className="faint">{`The weights of the current network, on the data set chosen in ${stageName('dataset')}: ${forms}.`}</p>
      )}
      {result && <EvaluationResultView result={result} />}
    </Panel>
  );
}

const MERGED_ALREADY = 'these are merged already, so there is no other form to compare them with';

/** Whether the weights in focus are known to be merged. */
function useMerged(): boolean {
  const { reference, opened } = useStore(weights);
  const list = useStore(runs, (state) => state.list);
  return formOf(reference, opened, list) === 'merged';
}

function useTrainedOnOther(): string | null {
  const weightsInFocus = useStore(weights, ({ reference }) => reference);
  const chosen = useStore(dataset, ({ reference }) => reference);
  const list = useStore(runs, (state) => state.list);
  return trainedOnOther(weightsInFocus, chosen, list);
}

function Tools() {
  const { busy, both, view } = useStore(evaluation);
  const scenes = useStore(dataset, ({ reference }) => mayHoldScenes(reference));
  return (
    <>
      <Segments
        label="Form"
        value={both ? 'both' : 'own'}
        options={FORMS}
        onChange={(form) => evaluation.setState({ both: form === 'both' })}
        testId="evaluation-form"
      />
      {scenes && (
        <Segments
          label="How scenes are given to the network"
          value={view}
          options={VIEWS}
          onChange={(chosen) => evaluation.setState({ view: chosen })}
          testId="evaluation-view"
        />
      )}
      {busy ? (
        <button type="button" className="button" data-testid="evaluate-stop" onClick={stopEvaluation}>
          Stop
        </button>
      ) : (
        <CommandButton command={trainingCommands.evaluate} />
      )}
    </>
  );
}
