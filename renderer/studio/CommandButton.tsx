// A button that runs a command: its label, shortcut, test id and whether it can run now all come from the command.
import { useSyncExternalStore, type ReactNode } from 'react';
import { canRun, isMac, keysText, reasonToWait, type Command } from './command';
import { attempt } from './notices';
import { subscribeToState } from './state';

interface CommandButtonProps {
  readonly command: Command;
  readonly primary?: boolean;
  readonly children?: ReactNode;
}

export function CommandButton({ command, primary, children }: CommandButtonProps) {
  const enabled = useSyncExternalStore(subscribeToState, () => canRun(command));
  const waits = useSyncExternalStore(subscribeToState, () => reasonToWait(command));
  const title = waits ?? (command.keys ? `${command.label} (${keysText(command.keys, isMac())})` : command.label);
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

/** Why a command waits, in sight of its button; nothing where it does not. */
export function WaitReason({ command }: Pick<CommandButtonProps, 'command'>) {
  const waits = useSyncExternalStore(subscribeToState, () => reasonToWait(command));
  if (waits === null) return null;
  return (
    <p className="says-warning" role="status" data-testid={`${command.id}-waits`}>
      {`${command.label} waits. ${waits}`}
    </p>
  );
}
