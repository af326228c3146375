// Evaluation of the weights in focus on the chosen data set: which form, how scenes are given to the network,
// and what came of it.
import { useStore } from 'zustand';
import { dataset } from '../../state/dataset';
import { evaluation, mayHoldScenes, stopEvaluation } from '../../state/evaluation';
import { CommandButton, Segments } from '../../ui/controls';
import { exact } from '../../ui/format';
import { Panel } from '../../ui/Stage';
import { WeightsPicker } from '../../ui/WeightsPicker';
import { EvaluationResultView } from './EvaluationResultView';

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
  const says = busy && progress ? `${subject}: ${exact(progress.done)} of ${exact(progress.total)} pictures` : subject;
  return (
    <Panel title="Evaluation" says={says} tools={<Tools />} testId="evaluation">
      {busy && <progress aria-label="Pictures evaluated" {...(progress && { value: progress.done, max: progress.total })} />}
      {!result && !busy && (
        <p className="faint">
          {both
            ? 'The weights chosen here, on the data set chosen in the stage Data: as they are stored and merged, compared sample by sample.'
            : 'The weights chosen here, in the form they are stored in, on the data set chosen in the stage Data.'}
        </p>
      )}
      {result && <EvaluationResultView result={result} />}
    </Panel>
  );
}

function Tools() {
  const { busy, both, view } = useStore(evaluation);
  const scenes = useStore(dataset, ({ reference }) => mayHoldScenes(reference));
  return (
    <>
      <WeightsPicker withMerged />
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
        <CommandButton command="evaluate" />
      )}
    </>
  );
}
