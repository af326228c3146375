// Commands that move about in the window.
import { goTo, navigation, STAGE_TEXT, STAGES, showPalette } from '../studio/navigation';
import { nextTheme } from '../studio/theme';
import type { Command } from '../studio/command';

export const navigationCommands: readonly Command[] = [
  ...STAGES.map(
    (stage, index): Command => ({
      id: `go-${stage}`,
      label: `Show ${STAGE_TEXT[stage].title.toLowerCase()}`,
      group: 'Go to',
      keys: `Alt+${index + 1}`,
      run: () => goTo(stage),
    }),
  ),
  { id: 'go-checkpoint', label: 'Show weights', group: 'Go to', keys: 'Alt+9', run: () => goTo('checkpoint') },
  {
    id: 'palette',
    label: 'Show all commands',
    group: 'Window',
    keys: 'Mod+K',
    run: () => showPalette(!navigation.getState().paletteOpen),
  },
  { id: 'next-theme', label: 'Change theme', group: 'Window', keys: 'Alt+T', run: nextTheme },
];
