// All networks there are to choose from: the bundled one, open files, every epoch of every run, and the zoo as designs
// without weights. A run of many epochs stands in the list with a few of them; once it is chosen, all of them stand beside it.
// Invariant: the chosen one is among them, whatever lists still have to be read.
import { useStore } from 'zustand';
import type { CheckpointRecord } from '@shared/run/run';
import type { ListedRun, OpenedCheckpoint, WeightsReference } from '@shared/link/studio';
import { zoo } from '@shared/model/zoo';
import { subjectKey } from '../studio/network/comparison';
import { zooSubject, type Subject } from '../studio/network/network';
import { listedCheckpoints, MOST_EPOCHS } from '../studio/runs/listed-checkpoints';
import { runs } from '../studio/runs/runs';
import { BUNDLED, keyOf, labelOf, weights } from '../studio/network/weights';

interface NetworkChoiceProps {
  readonly label: string;
  readonly subject: Subject;
  readonly onChoose: (subject: Subject) => void;
  /** `current` or `compared`. */
  readonly testId: string;
}

interface Option {
  readonly key: string;
  readonly text: string;
  readonly subject: Subject;
}

type Group = readonly [heading: string, options: readonly Option[]];

export function NetworkChoice({ label, subject, onChoose, testId }: NetworkChoiceProps) {
  const opened = useStore(weights, (state) => state.opened);
  const list = useStore(runs, (state) => state.list);
  const chosen = optionOf(subject, opened);
  const groups = groupsOf(opened, list, chosen.key);
  const all = groups.flatMap(([, options]) => options);
  const choose = (key: string) => {
    const found = all.find((option) => option.key === key);
    if (found) onChoose(found.subject);
  };
  const run = subject.kind === 'weights' && subject.reference.kind === 'run' ? subject.reference : null;
  return (
    <>
      <select
        aria-label={label}
        data-testid={testId === 'current' ? 'weights-picker' : 'compared-picker'}
        value={chosen.key}
        onChange={(event) => choose(event.target.value)}
      >
        {!all.some(({ key }) => key === chosen.key) && <option value={chosen.key}>{chosen.text}</option>}
        {groups.map(([heading, options]) => (
          <optgroup key={heading} label={heading}>
            {options.map(({ key, text }) => (
              <option key={key} value={key}>
                {text}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      {run && <EpochChoice label={label} reference={run} list={list} onChoose={onChoose} testId={testId} />}
    </>
  );
}

interface EpochProps extends Pick<NetworkChoiceProps, 'label' | 'onChoose' | 'testId'> {
  readonly reference: Extract<WeightsReference, { kind: 'run' }>;
  readonly list: readonly ListedRun[];
}

/** All epochs of the chosen run, one before and after the other; nothing where the list of networks holds them all. */
function EpochChoice({ label, reference, list, onChoose, testId }: EpochProps) {
  const checkpoints = list.find(({ name }) => name === reference.run)?.checkpoints ?? [];
  if (checkpoints.length <= MOST_EPOCHS) return null;
  const at = checkpoints.findIndex(({ file }) => file === reference.checkpoint);
  const choose = (file: string) => onChoose({ kind: 'weights', reference: { ...reference, checkpoint: file } });
  const step = (by: -1 | 1, name: string, sign: string) => (
    <button
      type="button"
      className="button quiet"
      aria-label={`${name} epoch of ${reference.run}`}
      disabled={checkpoints[at + by] === undefined}
      onClick={() => choose(checkpoints[at + by].file)}
    >
      {sign}
    </button>
  );
  return (
    <span className="epoch-choice">
      {step(-1, 'Previous', '‹')}
      <select
        aria-label={`${label}, epoch of ${reference.run}`}
        data-testid={`${testId}-epoch`}
        value={reference.checkpoint}
        onChange={(event) => choose(event.target.value)}
      >
        {at < 0 && <option value={reference.checkpoint}>not listed</option>}
        {checkpoints.map((checkpoint) => (
          <option key={checkpoint.file} value={checkpoint.file}>
            {epochText(checkpoint)}
          </option>
        ))}
      </select>
      {step(1, 'Next', '›')}
    </span>
  );
}

function epochText({ epoch, step, form, best }: CheckpointRecord): string {
  const marks = [step > 0 && `step ${step}`, best && 'best', form === 'merged' && 'merged'].filter(Boolean);
  return [`epoch ${epoch}`, ...marks].join(', ');
}

function groupsOf(opened: readonly OpenedCheckpoint[], list: readonly ListedRun[], chosen: string): Group[] {
  const of = (reference: WeightsReference): Option => optionOf({ kind: 'weights', reference }, opened);
  const groups: Group[] = [
    ['Comes with the program', [of(BUNDLED)]],
    ['Open files', opened.map(({ id }) => of({ kind: 'file', id }))],
    ...list.map(
      (run): Group => [
        `Run ${run.name}`,
        listedCheckpoints(run, chosen).map(({ file, form }) => {
          const option = of({ kind: 'run', run: run.name, checkpoint: file });
          return form === 'merged' ? { ...option, text: `${option.text}, merged` } : option;
        }),
      ],
    ),
    ['Networks of the zoo, without weights', zoo.filter(({ name }) => name !== BUNDLED.name).map(({ name }) => zooOption(name))],
  ];
  return groups.filter(([, options]) => options.length > 0);
}

function zooOption(name: string): Option {
  return { key: `zoo:${name}`, text: name, subject: zooSubject(name) };
}

/** How a subject stands in the list; a design that is not as the zoo has it, as itself. */
function optionOf(subject: Subject, opened: readonly OpenedCheckpoint[]): Option {
  if (subject.kind === 'weights') return { key: keyOf(subject.reference), text: labelOf(subject.reference, opened), subject };
  const { entry } = subject.design;
  const plain = zoo.some(({ name }) => name === entry) && subjectKey(subject) === subjectKey(zooSubject(entry));
  return plain ? zooOption(entry) : { key: subjectKey(subject), text: `${entry}, changed, no weights yet`, subject };
}
