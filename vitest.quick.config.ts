// `npm run test:quick`: the pure tests, for the inner loop. No browser, no bundles, no processes.
import { configDefaults, defineConfig, mergeConfig } from 'vitest/config';
import whole from './vitest.config';

const quick = mergeConfig(whole, defineConfig({}));
quick.test = {
  ...quick.test,
  include: ['src-shared/**/*.test.ts', 'testing/**/*.test.ts', 'renderer/**/*.test.ts'],
  exclude: [
    ...configDefaults.exclude,
    // Minutes on two cores, or a browser: the whole run has them.
    'src-shared/compute/**',
    'testing/**/fuzz.test.ts',
    'renderer/window.test.ts',
    'renderer/gl/gpu-picture.test.ts',
    'renderer/stages/matrix/matrix-explorer.test.ts',
  ],
};

export default quick;
