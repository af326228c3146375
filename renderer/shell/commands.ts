// All commands of the window, in the order of the palette: the frame's own, which move about in it, then those of the stages.
// Loaded after the first picture (whole.ts).
import { compareWith, comparison } from '../studio/network/comparison';
import { currentSubject } from '../studio/network/network';
import { helpInPlace } from '../studio/help/help';
import { jobs, showJobs } from '../studio/jobs/jobs';
import { learn } from '../stages/convolution';
import { lendCommands } from '../stages/lesson';
import { goTo, navigation, showPalette, type Stage } from '../studio/navigation';
import { nextTheme } from '../studio/theme';
import { commandsOf, type Command, type Deed } from '../studio/command';
import { canRedo, canUndo, redo, undo } from '../studio/undo/undo';
import { hasOwnUndo } from '../studio/undo/text-fields';
import { stages } from './stages';

/** A text field that has the focus takes back what was typed into it; otherwise a setting or view goes. */
function stepOrText(way: 'undo' | 'redo', can: () => boolean, step: () => Promise<void>): Deed {
  const inText = (): boolean => typeof document !== 'undefined' && hasOwnUndo(document.activeElement);
  return {
    when: () => inText() || can(),
    run: () => (inText() ? document.execCommand(way) : step()),
  };
}

const show = (stage: Stage): Deed => ({ run: () => goTo(stage) });

export const shellCommands = commandsOf('shell', {
  'go-home': show('home'),
  'go-lesson': show('lesson'),
  'go-convolution': show('convolution'),
  help: { run: helpInPlace },
  'go-dataset': show('dataset'),
  'go-model': show('model'),
  'go-training': show('training'),
  'go-merge': show('merge'),
  'go-matrix': show('matrix'),
  'go-pattern': show('pattern'),
  'go-cost': show('cost'),
  'go-figure': show('figure'),
  'go-checkpoint': show('checkpoint'),
  'go-settings': show('settings'),
  learn: { run: learn },
  'go-back': { run: () => window.history.back() },
  compare: { when: () => comparison.getState().subject === null, run: () => compareWith(currentSubject()) },
  palette: { run: () => showPalette(!navigation.getState().paletteOpen) },
  undo: stepOrText('undo', canUndo, undo),
  redo: stepOrText('redo', canRedo, redo),
  jobs: { run: () => showJobs(!jobs.getState().panelOpen) },
  'next-theme': { run: nextTheme },
});

export const commands: readonly Command[] = [...Object.values(shellCommands), ...stages.flatMap((stage) => stage.commands)];
lendCommands(commands);
