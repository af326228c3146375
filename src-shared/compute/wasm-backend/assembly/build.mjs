// Compiles index.ts and what it imports into ../kernels.wasm.ts, a module that holds the WebAssembly bytes
// as text, so that tests, bundlers and hosts need neither a compiler nor a file. Run it after a change here.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** The text of ../kernels.wasm.ts for the present sources. */
export async function compiledModule() {
  let bytes = new Uint8Array();
  const options = ['index.ts', '--outFile', 'kernels.wasm', '-O3', '--runtime', 'stub', '--importMemory', '--maximumMemory', '65536', '--enable', 'simd', '--noAssert'];
  const { error, stderr } = await asc.main(options, {
    readFile: (name) => (existsSync(here(name)) ? readFileSync(here(name), 'utf8') : null),
    writeFile: (name, contents) => {
      if (name.endsWith('.wasm')) bytes = contents;
    },
    listFiles: () => [],
  });
  if (error) throw new Error(`the kernels do not compile: ${error.message}\n${stderr.toString()}`);
  const base64 = Buffer.from(bytes).toString('base64');
  const header = '// WebAssembly of assembly/index.ts, compiled by assembly/build.mjs. Not written by hand.\n';
  return `${header}export const KERNELS_WASM =\n  '${base64}';\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(here('../kernels.wasm.ts'), await compiledModule());
