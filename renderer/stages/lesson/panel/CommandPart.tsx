// A command that the step wants to be run: by the lesson's button, or by the learner in the window.
import { useSyncExternalStore } from 'react';
import type { CommandBlock } from '@shared/lesson/steps/command';
import type { StepRecord } from '@shared/lesson/player/player';
import { filledIn, worthOf, type Circumstances } from '@shared/lesson/scope';
import { allCommandRecords } from '@shared/link/commands';
import { keysText, isMac } from '../../../studio/command';
import { attempt } from '../../../studio/notices';
import { subscribeToState } from '../../../studio/state';
import { canRunCommand, runCommand } from '../run-command';

interface CommandPartProps {
  readonly block: CommandBlock;
  readonly record: StepRecord;
  readonly within: Circumstances;
}

export function CommandPart({ block, record, within }: CommandPartProps) {
  const enabled = useSyncExternalStore(subscribeToState, () => canRunCommand(block.run));
  const known = allCommandRecords.find(({ id }) => id === block.run);
  const label = block.label === undefined ? (known?.label ?? block.run) : filledIn(block.label, within);
  const done = record.ran && (block.until === undefined || worthOf(block.until, within) === true);
  return (
    <section className="lesson-do" aria-label="Something to do" data-testid="lesson-command">
      {block.by === 'button' ? (
        <button
          type="button"
          className="button primary"
          data-testid="lesson-run"
          disabled={!enabled}
          onClick={() => void attempt(() => runCommand(block.run))}
        >
          {label}
        </button>
      ) : (
        <p>
          {label}
          {known?.keys && <kbd>{keysText(known.keys, isMac())}</kbd>}
        </p>
      )}
      <p role="status" className="faint" data-testid="lesson-command-state">
        {done ? 'Done.' : record.ran ? 'Under way.' : block.optional ? 'You may go on without it.' : ''}
      </p>
    </section>
  );
}
