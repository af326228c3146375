// The line at the top of the window: the network that every stage is about, A, and the one it is held against, B, both
// chosen here. Name, form, where the weights are from, parameters.
import { useMemo, type ReactNode } from 'react';
import { useStore } from 'zustand';
import { ledger } from '@shared/cost/ledger';
import { compareWith, comparison, swapCompared } from '../studio/network/comparison';
import { openWithDialog } from '../studio/files';
import { familiesOf, familiesText, mergeableIn } from '../studio/families/families';
import { goTo, navigation } from '../studio/navigation';
import { currentSubject, network, takeSubject, type Network, type Subject } from '../studio/network/network';
import { attempt } from '../studio/notices';
import { connection } from '../studio/studio';
import { fileOf, labelOf, weights } from '../studio/network/weights';
import { exact } from '../ui/format';
import { NetworkChoice } from './NetworkChoice';

export function NetworkLine() {
  const current = useStore(network);
  const { subject: other, network: against } = useStore(comparison);
  useStore(weights, ({ reference, inFocus }) => (inFocus ? reference : null));
  const connected = useStore(connection, ({ client }) => client !== null);
  const compared = other !== null && against !== null;
  return (
    <section className="network-line" aria-label="Current network" data-testid="current-network">
      <OneNetwork letter={compared ? 'A' : null} network={current} subject={currentSubject()} onChoose={takeSubject}>
        <button type="button" className="button quiet" disabled={!connected} onClick={() => void attempt(openWithDialog)}>
          Open file
        </button>
        {!compared && (
          <button type="button" className="button quiet" data-testid="compare-networks" onClick={() => compareWith(currentSubject())}>
            Compare
          </button>
        )}
      </OneNetwork>
      {compared && (
        <OneNetwork letter="B" network={against} subject={other} onChoose={compareWith}>
          <button type="button" className="button quiet" data-testid="swap-networks" onClick={swapCompared}>
            Swap A and B
          </button>
          <button type="button" className="button quiet" data-testid="end-comparison" onClick={() => compareWith(null)}>
            End comparison
          </button>
        </OneNetwork>
      )}
    </section>
  );
}

interface OneNetworkProps {
  /** Which of two; null where there is one. */
  readonly letter: 'A' | 'B' | null;
  readonly network: Network;
  readonly subject: Subject;
  readonly onChoose: (subject: Subject) => void;
  readonly children: ReactNode;
}

function OneNetwork({ letter, network: { held, problem, settings, inputSize }, subject, onChoose, children }: OneNetworkProps) {
  const count = useMemo(() => held && ledger(held).params, [held]);
  // The model stage says it beside its fields.
  const stage = useStore(navigation, (state) => state.stage);
  const opened = useStore(weights, (state) => state.opened);
  const families = subject.kind === 'weights' ? familiesOf(subject.reference, { opened }) : null;
  const id = letter === 'B' ? 'compared' : 'current';
  const file = subject.kind === 'weights' ? fileOf({ reference: subject.reference, opened }) : undefined;
  const found = file && held === null ? mergeableIn(file) : 0;
  const mergeable = families !== null || found > 0;
  const changed = Object.entries({ ...settings, ...(inputSize !== '' && { 'input size': inputSize }) });
  return (
    <div className="one-network" data-network={id}>
      {letter && <strong className="network-letter">{letter}</strong>}
      <strong data-testid={`${id}-name`}>{held?.name ?? (families ? familiesText(families) : 'unknown network')}</strong>
      {held === null && mergeable && (
        <span className="faint">
          {found > 0
            ? `no network of the zoo; ${found} ${found === 1 ? 'block' : 'blocks'} in it can be merged`
            : 'blocks of known families, in no network known here'}
        </span>
      )}
      {held && <span className={`tag ${held.form}`}>{`${held.form} form`}</span>}
      {changed.length > 0 && <span data-testid={`${id}-settings`}>{changed.map(([key, text]) => `${key}=${text}`).join(' ')}</span>}
      {count !== null && <span data-testid={`${id}-params`}>{`${exact(count)} parameters`}</span>}
      <NetworkChoice label={letter ? `Network ${letter}` : 'Network'} subject={subject} onChoose={onChoose} testId={id} />
      {letter !== 'B' && (
        <output className="unseen" data-testid="current-source">
          {subject.kind === 'weights' ? labelOf(subject.reference, weights.getState().opened) : 'no weights yet'}
        </output>
      )}
      {children}
      {problem && !mergeable && !(letter !== 'B' && stage === 'model') && (
        <span className="network-problem">
          <span className="says-error">{problem}</span>
          {subject.kind === 'design' && letter !== 'B' && (
            <button type="button" className="button quiet" onClick={() => goTo('model')}>
              Correct it
            </button>
          )}
        </span>
      )}
    </div>
  );
}
