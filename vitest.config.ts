import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { alias: { '@shared': fileURLToPath(new URL('./src-shared', import.meta.url)) } },
  test: {
    include: [
      'src-shared/**/*.test.ts',
      'electron/**/*.test.ts',
      'renderer/**/*.test.{ts,tsx}',
      'testing/**/*.test.ts',
      'tests/**/*.test.ts',
    ],
    reporters: ['default', './tests/summary-reporter.ts'],
    testTimeout: 120_000,
    hookTimeout: 180_000,
    // tfjs registers its gradients only when its ES modules are loaded through the bundler.
    server: { deps: { inline: [/@tensorflow/] } },
  },
});
