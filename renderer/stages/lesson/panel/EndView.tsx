// The end of a lesson: what was answered rightly, and the file of answers for the teacher.
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { Lesson } from '@shared/lesson/format';
import { pointsOf, recordOf, type PlayerState } from '@shared/lesson/player/player';
import { attempt } from '../../../studio/notices';
import { lessons, saveAnswers, startLesson } from '../lesson';

export function EndView({ lesson, player }: { readonly lesson: Lesson; readonly player: PlayerState }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { name, open } = useStore(lessons);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const { right, of } = pointsOf(lesson, player);
  const asked = lesson.steps.filter(({ blocks }) => blocks.check && blocks.check.test !== 'before');
  return (
    <article data-testid="lesson-end">
      <h2 ref={heading} tabIndex={-1}>
        The end
      </h2>
      <p data-testid="lesson-points">{`${right} of ${of} questions answered rightly.`}</p>
      <ul className="lesson-summary">
        {asked.map((step) => {
          const { tries } = recordOf(player, step);
          const at = tries.findIndex((one) => one.right);
          return <li key={step.id}>{`${step.title}: ${at < 0 ? 'not found' : at === 0 ? 'at the first try' : `at try ${at + 1}`}`}</li>;
        })}
      </ul>
      <label className="field">
        <span>Your name, for the file of answers</span>
        <input
          type="text"
          value={name}
          maxLength={80}
          data-testid="lesson-name"
          onChange={({ target }) => lessons.setState({ name: target.value })}
        />
      </label>
      <div className="row">
        <button type="button" className="button primary" data-testid="lesson-save-answers" onClick={() => void attempt(saveAnswers)}>
          Save my answers
        </button>
        <button
          type="button"
          className="button"
          data-testid="lesson-again"
          onClick={() => open !== null && void attempt(() => startLesson(open))}
        >
          From the start
        </button>
      </div>
      <p className="faint">One small file on this machine; nothing is sent anywhere.</p>
    </article>
  );
}
