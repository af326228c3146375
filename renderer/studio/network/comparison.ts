// The second network, B, that the current one, A, is held against, in every stage where two are compared. Chosen the same
// way as A: weights, or an entry of the zoo with its settings. Invariant: `network` is that of `subject` as it is read now.
import { createStore } from '../state';
import { currentSubject, networkOfSubject, takeSubject, type Network, type Subject } from './network';
import { runs } from '../runs/runs';
import { keyOf, labelOf, weights } from './weights';

export interface Comparison {
  /** null: nothing is compared. */
  readonly subject: Subject | null;
  readonly network: Network | null;
}

export const comparison = createStore<Comparison>(() => ({ subject: null, network: null }));

/** Holds the current network against another one; null ends the comparison. */
export function compareWith(subject: Subject | null): void {
  comparison.setState({ subject, network: subject && networkOfSubject(subject) });
}

/** Makes B the current network and the current one B. */
export function swapCompared(): void {
  const { subject } = comparison.getState();
  if (!subject) return;
  compareWith(currentSubject());
  takeSubject(subject);
}

/** What B is called on screen; null where nothing is compared. */
export function comparedLabel(): string | null {
  const { subject, network } = comparison.getState();
  if (!subject) return null;
  return subject.kind === 'weights' ? labelOf(subject.reference, weights.getState().opened) : (network?.spec?.name ?? subject.design.entry);
}

/** A text that is equal for equal subjects. */
export function subjectKey(subject: Subject | null): string {
  if (!subject) return '';
  return subject.kind === 'weights' ? keyOf(subject.reference) : JSON.stringify(subject.design);
}

// Files are read in another way, or for other inputs, and runs come and grow while they are B.
function readAgain(): void {
  const { subject } = comparison.getState();
  if (subject?.kind === 'weights') compareWith(subject);
}
weights.subscribe(({ opened }, before) => {
  if (opened !== before.opened) readAgain();
});
runs.subscribe(({ list }, before) => {
  if (list !== before.list && comparison.getState().subject?.kind === 'weights') readAgain();
});
