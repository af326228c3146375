// Commands of the patterns stage.
import { analyseBlocks, patterns, stopAnalysis } from './pattern';
import { weights } from '../../studio/weights';
import type { Command } from '../../studio/command';

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
