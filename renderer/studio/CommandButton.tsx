// A button that runs a command: its label, shortcut, test id and whether it can run now all come from the command.
import { useSyncExternalStore, type ReactNode } from 'react';
import { canRun, isMac, keysText, type Command } from './command';
import { attempt } from './notices';
import { subscribeToState } from './state';

interface CommandButtonProps {
  readonly command: Command;
  readonly primary?: boolean;
  readonly children?: ReactNode;
}

export function CommandButton({ command, primary, children }: CommandButtonProps) {
  const enabled = useSyncExternalStore(subscribeToState, () => canRun(command));
  const title = command.keys ? `${command.label} (${keysText(command.keys, isMac())})` : command.label;
  return (
    <button
      type="button"
      className={primary ? 'button primary' : 'button'}
      data-testid={command.id}
      title={title}
      disabled={!enabled}
      onClick={() => void attempt(command.run)}
    >
      {children ?? command.label}
    </button>
  );
}
