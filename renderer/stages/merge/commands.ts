// Commands of the merge stage.
import { merge, runMerge, verifyMerge } from './merge';
import { refusedOn } from '../../studio/drafts';
import { connection } from '../../studio/studio';
import { weights } from '../../studio/network/weights';
import { commandsOf } from '../../studio/command';

const idle = (): boolean => connection.getState().client !== null && weights.getState().inFocus && merge.getState().busy === null;

const reasonToWait = (): string | null => refusedOn('merge');

export const mergeCommands = commandsOf('merge', {
  'run-merge': { when: idle, waits: reasonToWait, run: runMerge },
  verify: { when: () => idle() && merge.getState().merged !== null, waits: reasonToWait, run: verifyMerge },
});
