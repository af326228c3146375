// The line under a stage that offers the next step of the story, once its own is done.
import { useSyncExternalStore } from 'react';
import { attempt } from '../studio/notices';
import type { Stage } from '../studio/navigation';
import { subscribeToState } from '../studio/state';
import { nextStep } from './next-step';

export function NextStepBar({ stage }: { readonly stage: Stage }) {
  // A text, so that equal steps are equal.
  const shown = useSyncExternalStore(subscribeToState, () => {
    const step = nextStep(stage);
    return step && `${step.says}\n${step.label}`;
  });
  if (shown === null) return null;
  const [says, label] = shown.split('\n');
  return (
    <section className="next-step" aria-label="Next step" data-testid="next-step-bar">
      <span>{says}</span>
      <button
        type="button"
        className="button primary"
        data-testid="next-step-go"
        onClick={() => void attempt(() => nextStep(stage)?.run())}
      >
        {label}
      </button>
    </section>
  );
}
