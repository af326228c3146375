// Commands that open and save weights.
import { openWithDialog } from '../../studio/files';
import { connection } from '../../studio/studio';
import { commandsOf } from '../../studio/command';

export const checkpointCommands = commandsOf('checkpoint', {
  'open-checkpoint': { when: () => connection.getState().client !== null, run: openWithDialog },
});
