// Commands of the merge stage.
import { merge, runMerge, verifyMerge } from './merge';
import { connection } from '../../studio/studio';
import { commandsOf } from '../../studio/command';

const idle = (): boolean => connection.getState().client !== null && merge.getState().busy === null;

export const mergeCommands = commandsOf('merge', {
  'run-merge': { when: idle, run: runMerge },
  verify: { when: () => idle() && merge.getState().merged !== null, run: verifyMerge },
});
