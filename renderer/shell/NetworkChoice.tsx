// All networks there are to choose from: the bundled one, open files, every epoch of every run, and the zoo as designs
// without weights. Invariant: the chosen one is among them, whatever lists still have to be read.
import { useStore } from 'zustand';
import type { ListedRun, OpenedCheckpoint, WeightsReference } from '@shared/link/studio';
import { zoo } from '@shared/model/zoo';
import { subjectKey } from '../studio/network/comparison';
import { zooSubject, type Subject } from '../studio/network/network';
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
  const groups = groupsOf(opened, list);
  const all = groups.flatMap(([, options]) => options);
  const choose = (key: string) => {
    const found = all.find((option) => option.key === key);
    if (found) onChoose(found.subject);
  };
  return (
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
  );
}

function groupsOf(opened: readonly OpenedCheckpoint[], list: readonly ListedRun[]): Group[] {
  const of = (reference: WeightsReference): Option => optionOf({ kind: 'weights', reference }, opened);
  const groups: Group[] = [
    ['Comes with the program', [of(BUNDLED)]],
    ['Open files', opened.map(({ id }) => of({ kind: 'file', id }))],
    ...list.map(
      ({ name, checkpoints }): Group => [
        `Run ${name}`,
        checkpoints.map(({ file, form }) => {
          const option = of({ kind: 'run', run: name, checkpoint: file });
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
