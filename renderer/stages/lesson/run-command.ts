// Runs a command of the window for a lesson. The frame, which knows all commands, lends them to the lesson.
import { canRun, type Command } from '../../studio/command';

let all: readonly Command[] = [];

/** Called once by the frame. */
export function lendCommands(commands: readonly Command[]): void {
  all = commands;
}

const commandOf = (id: string): Command | undefined => all.find((command) => command.id === id);

export function canRunCommand(id: string): boolean {
  const command = commandOf(id);
  return command !== undefined && canRun(command);
}

export async function runCommand(id: string): Promise<void> {
  const command = commandOf(id);
  if (!command) throw new Error(`This window has no command ${id}.`);
  await command.run();
}
