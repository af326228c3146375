// Commands of the merge stage.
import { merge, runMerge, verifyMerge } from '../state/merge';
import { connection } from '../state/studio';
import type { Command } from './command';

const idle = (): boolean => connection.getState().client !== null && merge.getState().busy === null;

export const mergeCommands: readonly Command[] = [
  { id: 'run-merge', label: 'Merge', group: 'Merge', keys: 'Mod+M', when: idle, run: runMerge },
  { id: 'verify', label: 'Verify', group: 'Merge', when: () => idle() && merge.getState().merged !== null, run: verifyMerge },
];
