// Fields and readings: they get values and hand back what the user makes of them.
import type { ReactNode } from 'react';
import { messageOf } from '@shared/base/message-of';
import { useDraft } from './draft';

interface FieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly children: ReactNode;
}

export function Field({ label, hint, children }: FieldProps) {
  return (
    <label className="field">
      <span>{label}</span>
      {children}
      {hint && <small>{hint}</small>}
    </label>
  );
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly hint?: string;
  readonly value: T;
  readonly options: readonly (readonly [T, string])[];
  readonly onChange: (value: T) => void;
  readonly testId?: string;
  readonly disabled?: boolean;
}

/** A labelled drop-down. */
export function Choice<T extends string>({ label, hint, value, options, onChange, testId, disabled }: ChoiceProps<T>) {
  return (
    <Field label={label} hint={hint}>
      <select value={value} disabled={disabled} data-testid={testId} onChange={(event) => onChange(event.target.value as T)}>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </Field>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly min?: number;
  /** The greatest number that is too small. */
  readonly above?: number;
  readonly max?: number;
  readonly step?: number | 'any';
  readonly testId?: string;
}

/**
 * A labelled number. What is not a number in range is said while it is typed; it, or what `onChange` refuses with an error,
 * is not taken over: it stays in the field, which says what is kept and why.
 */
export function NumberField({ label, hint, value, onChange, min, above, max, step = 1, testId }: NumberFieldProps) {
  const [shown, show] = useDraft(testId ?? label, label, String(value));
  const wrong = ({ value: text, validity }: HTMLInputElement): string =>
    validity.valid && text !== '' && !(Number(text) <= (above ?? NaN)) ? '' : `this takes ${rangeText({ min, above, max, step })}`;
  const take = (input: HTMLInputElement) => {
    const { value: text } = input;
    const problem = wrong(input) || refusal(() => Number(text) !== value && onChange(Number(text)));
    show(problem === '' ? String(Number(text)) : shown.text, problem);
  };
  const refused = shown.problem !== '';
  return (
    <Field label={label} hint={refused ? `${value} is kept: ${shown.problem}` : hint}>
      <input
        type="number"
        value={shown.text}
        min={min ?? above}
        max={max}
        step={step}
        aria-invalid={refused}
        data-testid={testId}
        onChange={({ target }) => show(target.value, wrong(target))}
        onBlur={({ target }) => take(target)}
        onKeyDown={({ key, currentTarget }) => key === 'Enter' && take(currentTarget)}
      />
    </Field>
  );
}

/** Why a change was refused; empty where it was not. */
function refusal(change: () => unknown): string {
  try {
    change();
    return '';
  } catch (error) {
    return messageOf(error);
  }
}

/** What a number field takes, in words. */
function rangeText({ min, above, max, step }: Pick<NumberFieldProps, 'min' | 'above' | 'max' | 'step'>): string {
  const kind = step === 1 ? 'a whole number' : 'a number';
  const steps = step === 1 || step === 'any' ? '' : ` in steps of ${step}`;
  if (above !== undefined) return `${kind} above ${above}${max === undefined ? '' : `, up to ${max}`}${steps}`;
  if (min !== undefined && max !== undefined) return `${kind} from ${min} to ${max}${steps}`;
  if (min !== undefined) return `${kind} from ${min} on${steps}`;
  return max === undefined ? `${kind}${steps}` : `${kind} up to ${max}${steps}`;
}

interface SegmentsProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [T, string])[];
  readonly onChange: (value: T) => void;
  readonly testId?: string;
}

/** A small choice shown whole. */
export function Segments<T extends string>({ label, value, options, onChange, testId }: SegmentsProps<T>) {
  return (
    <div className="segments" role="group" aria-label={label} data-testid={testId}>
      {options.map(([option, text]) => (
        <button
          key={option}
          type="button"
          aria-pressed={option === value}
          data-testid={testId && `${testId}-${option}`}
          onClick={() => onChange(option)}
        >
          {text}
        </button>
      ))}
    </div>
  );
}

/** A number to be read from a distance. */
export function Reading({
  label,
  value,
  unit,
  testId,
}: {
  readonly label: string;
  readonly value: ReactNode;
  readonly unit?: string;
  readonly testId?: string;
}) {
  return (
    <dl className="reading">
      <dt>{label}</dt>
      <dd data-testid={testId}>
        {value}
        {unit && <small>{` ${unit}`}</small>}
      </dd>
    </dl>
  );
}

/** One line, and behind it the reason for whoever asks. */
export function Why({ says, why, testId }: { readonly says: ReactNode; readonly why: ReactNode; readonly testId?: string }) {
  return (
    <details className="why" data-testid={testId}>
      <summary>
        {says} <span className="why-word">Why?</span>
      </summary>
      <div className="why-text">{why}</div>
    </details>
  );
}
