// The size of a map that kernels are seen on, in every stage that sees them so: Enter takes it, an empty field the usual one.
import { useState } from 'react';
import { messageOf } from '@shared/base/message-of';
import { parseInputSize } from '@shared/model/input-size';

interface Props {
  /** The size last taken, `N` or `HxW`; empty where there is none. */
  readonly text: string;
  /** What stands in the empty field. */
  readonly usual: string;
  readonly says: string;
  readonly onTake: (text: string) => void;
  readonly testId: string;
}

export function MapField({ text: taken, usual, says, onTake, testId }: Props) {
  const [text, setText] = useState(taken);
  const [problem, setProblem] = useState<string | null>(null);
  const take = (next: string): void => {
    try {
      if (next !== '') parseInputSize('the map', next);
      setProblem(null);
      onTake(next);
    } catch (error) {
      setProblem(messageOf(error));
    }
  };
  return (
    <label className="row faint" title={says}>
      on a map of
      <input
        type="text"
        className="short-number"
        value={text}
        placeholder={usual}
        aria-invalid={problem !== null}
        data-testid={testId}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && take(text.trim())}
        onBlur={() => text.trim() !== taken && take(text.trim())}
      />
      {problem !== null && <span className="says-error">{problem}</span>}
    </label>
  );
}
