// All commands of the program, in the order of the palette.
import type { Command } from './command';
import { checkpointCommands } from './checkpoint';
import { costCommands } from './cost';
import { figureCommands } from './figure';
import { matricesCommands } from '../views/matrices/commands';
import { mergeCommands } from './merge';
import { modelCommands } from './model';
import { navigationCommands } from './navigation';
import { patternCommands } from './patterns';
import { trainingCommands } from './training';

export const commands: readonly Command[] = [
  ...navigationCommands,
  ...modelCommands,
  ...trainingCommands,
  ...mergeCommands,
  ...matricesCommands,
  ...checkpointCommands,
  ...figureCommands,
  ...patternCommands,
  ...costCommands,
];

/** The command with this id; a missing one is a mistake in the program. */
export function commandById(id: string): Command {
  const found = commands.find((command) => command.id === id);
  if (!found) throw new Error(`there is no command '${id}'`);
  return found;
}
