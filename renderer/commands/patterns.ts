// Commands of the patterns stage.
import { analyseBlocks, patterns, stopAnalysis } from '../state/patterns';
import { weights } from '../state/weights';
import type { Command } from './command';

export const patternCommands: readonly Command[] = [
  {
    id: 'analyse-all',
    label: 'Analyse all blocks',
    group: 'Patterns',
    when: () => (weights.getState().blocks?.length ?? 0) > 0 && patterns.getState().busy === null,
    run: () => analyseBlocks(weights.getState().blocks ?? []),
  },
  {
    id: 'stop-analysis',
    label: 'Stop the analysis',
    group: 'Patterns',
    when: () => patterns.getState().busy !== null,
    run: stopAnalysis,
  },
];
