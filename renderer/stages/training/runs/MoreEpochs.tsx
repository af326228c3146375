// A finished run made longer, where its schedule allows it; where not, the reason.
import { useState } from 'react';
import { reasonNotToExtend } from '@shared/run/extension';
import type { RunRecord } from '@shared/run/run';
import { attempt } from '../../../studio/notices';
import { resumeRun } from '../training';
import { asSentence } from '../../../ui/format';

/** The question stands below the list; its field can be typed in at once. */
function takeIntoView(field: HTMLInputElement | null): void {
  field?.focus();
}

/** Asks for how many epochs in all the run is to have; `onDone` closes the question. */
export function MoreEpochs({ run, onDone }: { readonly run: RunRecord; readonly onDone: () => void }) {
  const own = run.config.recipe.epochs;
  const [text, setText] = useState(String(2 * own));
  const epochs = Number(text);
  const asked = Number.isInteger(epochs) && epochs > own;
  const reason = asked ? reasonNotToExtend(run, epochs) : `a whole number above ${own}, the epochs it has`;
  const go = () => {
    if (reason !== null) return;
    onDone();
    void attempt(() => resumeRun(run.name, epochs));
  };
  return (
    <div className="stack" data-testid="more-epochs">
      <div className="row">
        <label htmlFor="more-epochs-count">{`Epochs of ${run.name} in all`}</label>
        <input
          id="more-epochs-count"
          type="number"
          ref={takeIntoView}
          min={own + 1}
          value={text}
          data-testid="more-epochs-count"
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => event.key === 'Enter' && go()}
        />
        <button type="button" className="button" disabled={reason !== null} data-testid="more-epochs-go" onClick={go}>
          Train on
        </button>
        <button type="button" className="button quiet" onClick={onDone}>
          Close
        </button>
      </div>
      {reason !== null && (
        <p className="says-warning" data-testid="more-epochs-reason">
          {asSentence(asked ? `${reason}: start a new run of ${epochs} epochs` : `give ${reason}`)}
        </p>
      )}
    </div>
  );
}
