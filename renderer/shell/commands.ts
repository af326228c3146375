// All commands of the window, in the order of the palette: the frame's own, which move about in it, then those of the stages.
import { goTo, navigation, showPalette, type Stage } from '../studio/navigation';
import { nextTheme } from '../studio/theme';
import { commandsOf, type Command, type Deed } from '../studio/command';
import { stages } from './stages';

const show = (stage: Stage): Deed => ({ run: () => goTo(stage) });

export const shellCommands = commandsOf('shell', {
  'go-dataset': show('dataset'),
  'go-model': show('model'),
  'go-training': show('training'),
  'go-merge': show('merge'),
  'go-matrix': show('matrix'),
  'go-pattern': show('pattern'),
  'go-cost': show('cost'),
  'go-figure': show('figure'),
  'go-checkpoint': show('checkpoint'),
  palette: { run: () => showPalette(!navigation.getState().paletteOpen) },
  'next-theme': { run: nextTheme },
});

export const commands: readonly Command[] = [...Object.values(shellCommands), ...stages.flatMap((stage) => stage.commands)];
