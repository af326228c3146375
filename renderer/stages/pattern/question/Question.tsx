// A question of the stage: its answer in a headline, the picture that answers it beside, details below once they are opened.
import type { ReactNode } from 'react';
import { z } from 'zod';
import { changeLook, lookAt, useLook } from '../../../studio/looks';
import { Chevron } from '../../../studio/icons';
import { OneByOne } from '../../../ui/OneByOne';
import type { Answer } from './answers';

export const QUESTIONS = ['local', 'place', 'where', 'kinds'] as const;
export type QuestionName = (typeof QUESTIONS)[number];

const NONE: readonly QuestionName[] = [];
/** Questions whose details are open; they stay open for the next block. */
const OPENED = { stage: 'pattern', name: 'details', schema: z.array(z.enum(QUESTIONS)).readonly(), first: NONE } as const;

function toggled(names: readonly QuestionName[], name: QuestionName): QuestionName[] {
  return names.includes(name) ? names.filter((one) => one !== name) : [...names, name];
}

/** Opens the details of all questions, or closes them where all are open. */
export function toggleAll(): void {
  changeLook(OPENED, lookAt(OPENED).length === QUESTIONS.length ? NONE : QUESTIONS);
}

interface QuestionProps {
  readonly name: QuestionName;
  readonly title: string;
  /** Null while it is looked for. */
  readonly answer: Answer | null;
  /** How the picture is to be read. */
  readonly says: ReactNode;
  readonly tools?: ReactNode;
  readonly picture: ReactNode;
  /** What the details hold, in a few words; a question without them has no children either. */
  readonly more?: string;
  readonly children?: ReactNode;
}

export function Question({ name, title, answer, says, tools, picture, more, children }: QuestionProps) {
  const [names, setNames] = useLook(OPENED);
  const open = names.includes(name);
  return (
    <section className="panel question" aria-label={title} data-testid={`question-${name}`}>
      <div className="question-says">
        <h2>{title}</h2>
        <p className="answer" data-testid={`answer-${name}`}>
          {answer ? (
            <>
              <strong>{answer.verdict}</strong>
              {`: ${answer.sentence}`}
            </>
          ) : (
            'Looking.'
          )}
        </p>
        <div className="faint">{says}</div>
        {tools && <div className="row">{tools}</div>}
      </div>
      <div className="question-picture">{picture}</div>
      {more && (
        <button
          type="button"
          className="question-more"
          aria-expanded={open}
          data-testid={`more-${name}`}
          onClick={() => setNames(toggled(names, name))}
        >
          <Chevron open={open} />
          {more}
        </button>
      )}
      {more && open && (
        <div className="question-details">
          <OneByOne>{children}</OneByOne>
        </div>
      )}
    </section>
  );
}
