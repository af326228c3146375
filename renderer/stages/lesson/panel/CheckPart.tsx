// A check: its question, a field, options or a button, its hints, and what is said to an answer.
import { useId, useState, type FormEvent } from 'react';
import type { Step } from '@shared/lesson/format';
import type { Answer } from '@shared/lesson/player/judge';
import { checkIsOver, triesOf, type PlayerState, type StepRecord } from '@shared/lesson/player/player';
import type { Circumstances } from '@shared/lesson/scope';
import { answerKind, type CheckBlock } from '@shared/lesson/steps/check';
import { answerStep, hint } from '../lesson';
import { Prose } from './Prose';
import { useBroughtIntoView } from './useBroughtIntoView';

interface CheckPartProps {
  readonly step: Step;
  readonly block: CheckBlock;
  readonly player: PlayerState;
  readonly record: StepRecord;
  readonly within: Circumstances;
}

export function CheckPart({ step, block, player, record, within }: CheckPartProps) {
  const over = checkIsOver(player, step);
  const last = record.tries.at(-1);
  const left = triesOf(step) - record.tries.length;
  const said = useBroughtIntoView<HTMLDivElement>(record.tries.length + (record.notYet === null ? 0 : 1));
  return (
    <section className="lesson-ask" aria-label="Question" data-testid="lesson-check">
      <Prose text={block.ask} within={within} />
      <AnswerForm block={block} over={over} within={within} />
      <Hints block={block} shown={record.hints} over={over} within={within} />
      <div role="status" data-testid="lesson-feedback" ref={said}>
        {record.notYet !== null && <p className="lesson-say">{record.notYet}</p>}
        {last && record.notYet === null && (
          <div className={`lesson-say ${block.test === 'before' ? '' : last.right ? 'right' : 'wrong'}`} data-right={last.right}>
            <Prose text={last.say} within={within} className="lesson-said" />
            {!over && <p className="faint">{`${left} ${left === 1 ? 'try' : 'tries'} left.`}</p>}
          </div>
        )}
        {over && block.explain !== undefined && block.test !== 'before' && (
          <Prose text={block.explain} within={within} testId="lesson-explain" />
        )}
      </div>
    </section>
  );
}

function AnswerForm({ block, over, within }: { readonly block: CheckBlock; readonly over: boolean; readonly within: Circumstances }) {
  const kind = answerKind(block);
  const name = useId();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState<number | null>(null);
  const value = valueOf(kind, typed, chosen);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (value !== undefined) answerStep(value);
  };
  return (
    <form className="lesson-answer" onSubmit={submit}>
      {(kind === 'number' || kind === 'text') && (
        <label className="row">
          <span className="unseen">Your answer</span>
          <input
            type="text"
            inputMode={kind === 'number' ? 'decimal' : 'text'}
            value={typed}
            disabled={over}
            data-testid="lesson-answer"
            onChange={({ target }) => setTyped(target.value)}
          />
          {block.unit}
        </label>
      )}
      {kind === 'choice' && (
        <fieldset className="lesson-options" disabled={over}>
          <legend className="unseen">Choose one</legend>
          {block.options?.map(({ text }, at) => (
            <label key={at} data-testid={`lesson-option-${at}`}>
              <input type="radio" name={name} checked={chosen === at} onChange={() => setChosen(at)} />
              <Prose text={text} within={within} className="lesson-option" />
            </label>
          ))}
        </fieldset>
      )}
      {!over && (
        <button type="submit" className="button primary" data-testid="lesson-submit" disabled={value === undefined}>
          Check
        </button>
      )}
    </form>
  );
}

/** What was answered; undefined where it is no answer yet. A comma is a decimal point, too. */
function valueOf(kind: ReturnType<typeof answerKind>, typed: string, chosen: number | null): Answer | undefined {
  if (kind === 'none') return null;
  if (kind === 'choice') return chosen ?? undefined;
  if (typed.trim() === '') return undefined;
  if (kind === 'text') return typed.trim();
  const value = Number(
    typed
      .trim()
      .replace(/[\s\u2009]/g, '')
      .replace(',', '.')
      .replace('−', '-'),
  );
  return Number.isFinite(value) ? value : undefined;
}

interface HintsProps {
  readonly block: CheckBlock;
  readonly shown: number;
  readonly over: boolean;
  readonly within: Circumstances;
}

function Hints({ block: { hints, test }, shown, over, within }: HintsProps) {
  const place = useBroughtIntoView<HTMLDivElement>(shown);
  if (hints.length === 0 || test === 'before') return null;
  return (
    <div className="lesson-hints" aria-live="polite" ref={place}>
      {hints.slice(0, shown).map((text, at) => (
        <Prose key={at} text={text} within={within} className="lesson-hint" testId={`lesson-hint-${at}`} />
      ))}
      {!over && shown < hints.length && (
        <button type="button" className="button quiet" data-testid="lesson-hint" onClick={hint}>
          {shown === 0 ? 'A hint' : 'Another hint'}
        </button>
      )}
    </div>
  );
}
