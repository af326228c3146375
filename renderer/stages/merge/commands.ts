// Commands of the merge stage.
import { merge, runMerge, verifyMerge } from './merge';
import { connection } from '../../studio/studio';
import { weights } from '../../studio/weights';
import { commandsOf } from '../../studio/command';

const idle = (): boolean => connection.getState().client !== null && weights.getState().inFocus && merge.getState().busy === null;

export const mergeCommands = commandsOf('merge', {
  'run-merge': { when: idle, run: runMerge },
  verify: { when: () => idle() && merge.getState().merged !== null, run: verifyMerge },
});
