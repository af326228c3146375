// Commands that open and save weights.
import { openWithDialog } from '../../studio/files';
import { connection } from '../../studio/studio';
import type { Command } from '../../studio/command';

export const checkpointCommands: readonly Command[] = [
  {
    id: 'open-checkpoint',
    label: 'Open weights',
    group: 'Weights',
    keys: 'Mod+O',
    when: () => connection.getState().client !== null,
    run: openWithDialog,
  },
];
