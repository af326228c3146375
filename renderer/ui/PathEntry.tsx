// A path of the service's machine, typed, and what is done with it.
import { useState } from 'react';

interface PathEntryProps {
  /** What it is the path of. */
  readonly label: string;
  /** The same in the empty field. */
  readonly placeholder?: string;
  readonly size: number;
  readonly testId: string;
  readonly action: string;
  readonly actionTestId: string;
  /** Something else keeps the action waiting. */
  readonly waits?: boolean;
  readonly take: (path: string) => void;
}

export function PathEntry({ label, placeholder = label, size, testId, action, actionTestId, waits = false, take }: PathEntryProps) {
  const [text, setText] = useState('');
  const path = text.trim();
  const refused = waits || path === '';
  return (
    <>
      <input
        type="text"
        size={size}
        aria-label={label}
        placeholder={placeholder}
        value={text}
        data-testid={testId}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && !refused && take(path)}
      />
      <button type="button" className="button" disabled={refused} data-testid={actionTestId} onClick={() => take(path)}>
        {action}
      </button>
    </>
  );
}
