// `npm run test:quick`: the pure tests, for the inner loop. No browser, no bundles, no processes; `npm test` contains them all.
import { existsSync } from 'node:fs';
import { configDefaults, defineConfig, mergeConfig } from 'vitest/config';
import whole from './vitest.config';

/** Seconds each, on two cores, or a browser: the whole run has them. */
const SLOW = [
  'src-shared/figure/encode/cells-rendered.test.ts',
  'src-shared/checkpoint/formats.test.ts',
  'src-shared/figure/figures.test.ts',
  'src-shared/merge/mathematics/steps.test.ts',
  'src-shared/merge/passes/matrix-pass.test.ts',
  'src-shared/merge/recipes/many-modules.test.ts',
  'src-shared/merge/random-blocks.test.ts',
  'src-shared/proof/stored-rounding.test.ts',
  'src-shared/training/evaluation/evaluate-network.test.ts',
  'src-shared/training/loop/loop.test.ts',
  // Puts another module in the place of one, which takes isolation.
  'src-shared/training/loop/loop-pause.test.ts',
  // Loads the window's stores anew, as a reload does.
  'renderer/shell/places.test.ts',
  'testing/merge-fuzz/fuzz.test.ts',
  'renderer/window.test.ts',
  'renderer/stages/matrix/epochs.test.ts',
  'renderer/stages/matrix/matrix-explorer.test.ts',
  'renderer/stages/matrix/panes/exported.test.ts',
  'renderer/stages/matrix/picture/picture.test.ts',
  'renderer/stages/pattern/analysis-views.test.ts',
];
const gone = SLOW.filter((file) => !existsSync(file));
if (gone.length > 0) throw new Error(`vitest.quick.config.ts names ${gone.join(', ')}, which ${gone.length > 1 ? 'are' : 'is'} not there`);

const quick = mergeConfig(whole, defineConfig({}));
quick.test = {
  ...quick.test,
  include: ['src-shared/**/*.test.ts', 'testing/**/*.test.ts', 'renderer/**/*.test.ts'],
  // Modules are loaded once for many files; the whole run isolates them.
  isolate: false,
  exclude: [...configDefaults.exclude, 'src-shared/compute/**', ...SLOW],
};

export default quick;
