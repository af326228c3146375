// Buttons, fields and readings. A CommandButton runs a command of the list: its label, shortcut,
// test id and whether it can run now all come from the record.
import { useSyncExternalStore, type ReactNode } from 'react';
import { canRun, keysText } from '../commands/command';
import { commandById } from '../commands/commands';
import { isMac } from '../commands/keyboard';
import { subscribeToState } from '../commands/state';
import { attempt } from '../state/notices';

interface CommandButtonProps {
  readonly command: string;
  readonly primary?: boolean;
  readonly children?: ReactNode;
}

export function CommandButton({ command: id, primary, children }: CommandButtonProps) {
  const command = commandById(id);
  const enabled = useSyncExternalStore(subscribeToState, () => canRun(command));
  const title = command.keys ? `${command.label} (${keysText(command.keys, isMac())})` : command.label;
  return (
    <button
      type="button"
      className={primary ? 'button primary' : 'button'}
      data-testid={id}
      title={title}
      disabled={!enabled}
      onClick={() => void attempt(command.run)}
    >
      {children ?? command.label}
    </button>
  );
}

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
  readonly max?: number;
  readonly step?: number | 'any';
  readonly testId?: string;
}

/** A labelled number; what is not a number in range is not taken over. */
export function NumberField({ label, hint, value, onChange, min, max, step, testId }: NumberFieldProps) {
  const take = (text: string, valid: boolean) => {
    if (valid && text !== '' && Number.isFinite(Number(text))) onChange(Number(text));
  };
  return (
    <Field label={label} hint={hint}>
      <input
        type="number"
        key={value}
        defaultValue={value}
        min={min}
        max={max}
        step={step ?? 1}
        data-testid={testId}
        onBlur={(event) => take(event.target.value, event.target.validity.valid)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take(event.currentTarget.value, event.currentTarget.validity.valid);
        }}
      />
    </Field>
  );
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
