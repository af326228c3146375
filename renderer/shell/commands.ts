// All commands of the program, in the order of the palette.
import type { Command } from '../studio/command';
import { checkpointCommands } from '../stages/checkpoint/commands';
import { costCommands } from '../stages/cost/commands';
import { figureCommands } from '../stages/figure/commands';
import { matrixCommands } from '../stages/matrix/commands';
import { mergeCommands } from '../stages/merge/commands';
import { modelCommands } from '../stages/model/commands';
import { navigationCommands } from './navigation-commands';
import { patternCommands } from '../stages/pattern/commands';
import { trainingCommands } from '../stages/training/commands';

export const commands: readonly Command[] = [
  ...navigationCommands,
  ...modelCommands,
  ...trainingCommands,
  ...mergeCommands,
  ...matrixCommands,
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
