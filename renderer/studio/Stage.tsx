// Head and body of a stage.
import type { ReactNode } from 'react';
import { STAGE_TEXT, type Stage as StageName } from './navigation';

interface StageProps {
  readonly name: StageName;
  readonly tools?: ReactNode;
  readonly children: ReactNode;
}

export function Stage({ name, tools, children }: StageProps) {
  const { title, says } = STAGE_TEXT[name];
  return (
    <>
      <header className="stage-head">
        <h1>{title}</h1>
        <span className="stage-says">{says}</span>
        <div className="stage-tools">{tools}</div>
      </header>
      <div className="stage-body">{children}</div>
    </>
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
