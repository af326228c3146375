// Head and body of a stage.
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { openWithDialog } from './files';
import { goTo, STAGE_TEXT, type Stage as StageName } from './navigation';
import { network } from './network/network';
import { attempt } from './notices';
import { weights } from './network/weights';

interface StageProps {
  readonly name: StageName;
  readonly tools?: ReactNode;
  /** Whether all of it is about weights: nothing is shown of a network that has none. */
  readonly ofWeights?: boolean;
  /** What the first Tab of the stage offers to go to: the id of an element that takes the focus, and its name. */
  readonly skipTo?: readonly [id: string, name: string];
  /** Whether the stage is as high as the window and its parts share that height. */
  readonly filled?: boolean;
  readonly children: ReactNode;
}

export function Stage({ name, tools, ofWeights = false, skipTo, filled = false, children }: StageProps) {
  const hasWeights = useStore(weights, ({ inFocus }) => inFocus);
  const { title, says } = STAGE_TEXT[name];
  return (
    <>
      <header className="stage-head">
        {skipTo && <SkipLink id={skipTo[0]} name={skipTo[1]} />}
        <h1>{title}</h1>
        <span className="stage-says">{says}</span>
        <div className="stage-tools">{tools}</div>
      </header>
      <div className={filled ? 'stage-body filled' : 'stage-body'}>{ofWeights && !hasWeights ? <NoWeights /> : children}</div>
    </>
  );
}

/** Hidden until it has the focus: the stage's picture without the controls before it. */
function SkipLink({ id, name }: { readonly id: string; readonly name: string }) {
  return (
    <button type="button" className="skip-link" data-testid="skip-link" onClick={() => document.getElementById(id)?.focus()}>
      {`Go to ${name}`}
    </button>
  );
}

/** In place of what a stage shows of weights. */
function NoWeights() {
  const spec = useStore(network, (state) => state.spec);
  return (
    <div className="empty stack" data-testid="no-weights">
      <p>{`${spec?.name ?? 'The chosen network'} has no weights yet: train it, open a file of its weights, or choose others above.`}</p>
      <div className="row">
        <button type="button" className="button" onClick={() => goTo('training')}>
          Train it
        </button>
        <button type="button" className="button" onClick={() => void attempt(openWithDialog)}>
          Open weights
        </button>
      </div>
    </div>
  );
}

interface PanelProps {
  readonly title: string;
  readonly says?: ReactNode;
  readonly tools?: ReactNode;
  readonly children: ReactNode;
  readonly bare?: boolean;
  readonly testId?: string;
}

/** A titled box; `bare` leaves out the padding, for tables. */
export function Panel({ title, says, tools, children, bare, testId }: PanelProps) {
  return (
    <section className="panel" data-testid={testId} aria-label={title}>
      <header>
        <h2>{title}</h2>
        {says && <span className="says">{says}</span>}
        {tools && <div className="row push">{tools}</div>}
      </header>
      <div className={bare ? '' : 'panel-body'}>{children}</div>
    </section>
  );
}
