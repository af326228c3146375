// How far a film or the figures of all blocks are, what went wrong, and what was made.
import type { Making } from './film';

interface Props {
  readonly making: Making;
  readonly name: string;
  readonly testId: string;
}

export function MakingState({ making: { busy, problem, made }, name, testId }: Props) {
  return (
    <>
      {busy && (
        <p role="status" data-testid={`${testId}-busy`}>
          <progress max={busy.total} value={busy.done} aria-label={name} /> {`${busy.what} ${busy.done} of ${busy.total}`}
        </p>
      )}
      {problem && (
        <p className="says-error" role="alert" data-testid={`${testId}-problem`}>
          {problem}
        </p>
      )}
      {made && <p className="says-good" role="status" data-testid={`${testId}-made`}>{`Saved: ${made}.`}</p>}
    </>
  );
}
