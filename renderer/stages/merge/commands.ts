// Commands of the merge stage.
import { merge, runMerge, verifyMerge } from './merge';
import { connection } from '../../studio/studio';
import type { Command } from '../../studio/command';

const idle = (): boolean => connection.getState().client !== null && merge.getState().busy === null;

export const mergeCommands: readonly Command[] = [
  { id: 'run-merge', label: 'Merge', group: 'Merge', keys: 'Mod+M', when: idle, run: runMerge },
  { id: 'verify', label: 'Verify', group: 'Merge', when: () => idle() && merge.getState().merged !== null, run: verifyMerge },
];
