// Commands that open and save weights.
import { openWithDialog } from '../state/files';
import { connection } from '../state/studio';
import type { Command } from './command';

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
