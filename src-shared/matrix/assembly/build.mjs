// Compiles pool-strip.ts into ../pool-strip.wasm.ts, a module that holds the WebAssembly bytes as text,
// so that tests, bundlers and hosts need neither a compiler nor a file. Run it after changing pool-strip.ts.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** The text of ../pool-strip.wasm.ts for the present source. */
export async function compiledModule() {
  const source = readFileSync(here('pool-strip.ts'), 'utf8');
  let bytes = new Uint8Array();
  const options = ['pool-strip.ts', '--outFile', 'pool-strip.wasm', '-O3', '--runtime', 'stub', '--importMemory', '--enable', 'simd', '--noAssert'];
  const { error, stderr } = await asc.main(options, {
    readFile: (name) => (name === 'pool-strip.ts' ? source : null),
    writeFile: (name, contents) => {
      if (name.endsWith('.wasm')) bytes = contents;
    },
    listFiles: () => [],
  });
  if (error) throw new Error(`pool-strip.ts does not compile: ${error.message}\n${stderr.toString()}`);
  const base64 = Buffer.from(bytes).toString('base64');
  const header = '// WebAssembly of assembly/pool-strip.ts, compiled by assembly/build.mjs. Not written by hand.\n';
  return `${header}export const POOL_STRIP_WASM =\n  '${base64}';\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(here('../pool-strip.wasm.ts'), await compiledModule());
