// The lesson beside the stage it talks about: the step's text, what it points at, what it asks, and the way on.
import { printable } from '@shared/base/printable';
import { useEffect, useRef, useSyncExternalStore, type RefObject } from 'react';
import { useStore } from 'zustand';
import type { Lesson, Step } from '@shared/lesson/format';
import { recordOf, type PlayerState } from '@shared/lesson/player/player';
import { subscribeToState } from '../../../studio/state';
import { attempt } from '../../../studio/notices';
import { Icon } from '../../../studio/icons';
import { lessonCommands } from '../commands';
import { circumstances, closeLesson, lessons, nextStep, openLesson, openShelf, previousStep, reasonToWait, speak } from '../lesson';
import { projector } from '../../../studio/projector';
import { CheckPart } from './CheckPart';
import { CommandPart } from './CommandPart';
import { EndView } from './EndView';
import { HighlightPart } from './HighlightPart';
import { PictureFigure } from './ScenePicture';
import { PredictionPart } from './PredictionPart';
import { Prose } from './Prose';
import '../lesson.css';

export function LessonPanel() {
  // Every value that a lesson may show or check is in some store.
  useSyncExternalStore(subscribeToState, () => circumstances().world);
  const { player } = useStore(lessons);
  const lesson = openLesson();
  if (!lesson || !player) return null;
  const step = lesson.steps[player.at];
  return (
    <aside className="lesson-panel" id="lesson-panel" aria-label={`Lesson: ${lesson.title}`} data-testid="lesson-panel">
      <PanelHead lesson={lesson} at={player.at} />
      <div className="lesson-body" tabIndex={0} role="group" aria-label="The step">
        {step ? <StepView key={step.id} lesson={lesson} step={step} player={player} /> : <EndView lesson={lesson} player={player} />}
      </div>
      <PanelFoot last={player.at >= lesson.steps.length} first={player.at === 0} />
    </aside>
  );
}

function PanelHead({ lesson, at }: { readonly lesson: Lesson; readonly at: number }) {
  const big = useStore(projector, ({ on }) => on);
  const language = useStore(lessons, (state) => state.language);
  const translations = [...(openShelf()?.translations.keys() ?? [])];
  const own = openShelf()?.lesson?.language ?? lesson.language;
  return (
    <header className="lesson-head">
      <div className="row">
        <strong>{printable(lesson.title)}</strong>
        <button type="button" className="button quiet push" aria-label="Close the lesson" data-testid="lesson-close" onClick={closeLesson}>
          <Icon name="close" size={14} />
        </button>
      </div>
      <div className="row">
        <progress max={lesson.steps.length} value={at} aria-label={`${at} of ${lesson.steps.length} steps done`} />
        <span className="faint" data-testid="lesson-place">
          {at < lesson.steps.length ? `${at + 1} of ${lesson.steps.length}` : 'the end'}
        </span>
        {translations.length > 0 && (
          <select
            aria-label="Language"
            data-testid="lesson-language"
            value={language ?? own}
            onChange={({ target }) => speak(target.value === own ? null : target.value)}
          >
            {[own, ...translations].map((tag) => (
              <option key={tag} value={tag}>
                {tag}
              </option>
            ))}
          </select>
        )}
        <button
          type="button"
          className="button quiet push"
          aria-pressed={big}
          data-testid="lesson-projector"
          onClick={() => void attempt(lessonCommands['lesson-projector'].run)}
        >
          Projector
        </button>
      </div>
    </header>
  );
}

/** The heading of a step, which has the focus when the step is opened, at the top of the panel. */
function useBeginning(): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    // The panel stays, and with it how far the step before was scrolled.
    heading.current?.closest('.lesson-body')?.scrollTo({ top: 0 });
  }, []);
  return heading;
}

interface StepViewProps {
  readonly lesson: Lesson;
  readonly step: Step;
  readonly player: PlayerState;
}

function StepView({ lesson, step, player }: StepViewProps) {
  const heading = useBeginning();
  const { preparing, problem, given, language } = useStore(lessons);
  const within = circumstances();
  const { highlight, picture, prediction, command, check } = step.blocks;
  const record = recordOf(player, step);
  const own = openShelf()?.lesson?.language ?? 'en';
  return (
    <article lang={step.language}>
      <h2 ref={heading} tabIndex={-1} data-testid="lesson-step" data-step={step.id}>
        {printable(step.title)}
      </h2>
      {language !== null && language !== own && step.language !== language && (
        <p className="faint" lang={own} data-testid="lesson-untranslated">
          This step is not translated yet.
        </p>
      )}
      {player.at === 0 && lesson.introduction !== '' && <Prose text={lesson.introduction} within={within} />}
      <Prose text={step.text} within={within} />
      {problem !== null && <p className="says-error" role="alert">{`This step could not be prepared: ${problem}`}</p>}
      {preparing && <p className="faint">Preparing</p>}
      {highlight && <HighlightPart block={highlight} within={within} />}
      {picture && <PictureFigure picture={picture} within={within} />}
      {prediction && (
        <PredictionPart block={prediction} record={record} within={given.prediction ? { ...within, world: given.prediction } : within} />
      )}
      {command && <CommandPart block={command} record={record} within={within} />}
      {check && (
        <CheckPart
          step={step}
          block={check}
          player={player}
          record={record}
          within={given.check ? { ...within, world: given.check } : within}
        />
      )}
    </article>
  );
}

function PanelFoot({ first, last }: { readonly first: boolean; readonly last: boolean }) {
  const reason = useSyncExternalStore(subscribeToState, reasonToWait);
  return (
    <footer className="lesson-foot">
      <button type="button" className="button" data-testid="lesson-back" disabled={first} onClick={() => void attempt(previousStep)}>
        Back
      </button>
      <span className="faint" id="lesson-reason" data-testid="lesson-reason">
        {last ? '' : reason}
      </span>
      {!last && (
        <button
          type="button"
          className="button primary"
          data-testid="lesson-next"
          aria-disabled={reason !== null}
          aria-describedby="lesson-reason"
          onClick={() => void attempt(nextStep)}
        >
          Next
        </button>
      )}
    </footer>
  );
}
