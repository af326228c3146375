// The button of a piece of work that takes a while: starts it, and while it runs stops it. What goes wrong is said in a notice.
import { attempt } from './notices';

interface StartOrStopProps {
  readonly busy: boolean;
  /** What it is called while nothing runs. */
  readonly label: string;
  readonly testId: string;
  readonly disabled?: boolean;
  readonly onStart: () => Promise<void>;
  readonly onStop: () => void;
  readonly stopLabel?: string;
  readonly stopTestId?: string;
}

export function StartOrStop({ busy, label, testId, disabled, onStart, onStop, stopLabel = 'Stop', stopTestId }: StartOrStopProps) {
  if (busy)
    return (
      <button type="button" className="button" data-testid={stopTestId} onClick={onStop}>
        {stopLabel}
      </button>
    );
  return (
    <button type="button" className="button" data-testid={testId} disabled={disabled} onClick={() => void attempt(onStart)}>
      {label}
    </button>
  );
}
