import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compiledModule } from './build.mjs';

test('the WebAssembly in the repository is that of its sources', async () => {
  expect(readFileSync(new URL('kernels.wasm.ts', import.meta.url), 'utf8')).toBe(await compiledModule());
});
