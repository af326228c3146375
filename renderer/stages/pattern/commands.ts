// Commands of the patterns stage.
import { analyseBlocks, patterns, stopAnalysis } from './pattern';
import { toggleAll } from './question/Question';
import { weights } from '../../studio/network/weights';
import { commandsOf } from '../../studio/command';

export const patternCommands = commandsOf('pattern', {
  'analyse-all': {
    when: () => weights.getState().inFocus && (weights.getState().blocks?.length ?? 0) > 0 && patterns.getState().busy === null,
    run: () => analyseBlocks(weights.getState().blocks ?? []),
  },
  'stop-analysis': {
    when: () => patterns.getState().busy !== null,
    run: stopAnalysis,
  },
  'pattern-details': { when: () => patterns.getState().byBlock.size > 0, run: toggleAll },
});
