// Compiles the assembly/ folders of all operations into kernels.wasm.ts, a module that holds the WebAssembly bytes as
// text, so that tests, bundlers and hosts need neither a compiler nor a file; and with them the functions' TypeScript
// signatures. Every exported function that is not inlined is a kernel: there is no list of them. Run after a change in any
// assembly/ folder.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const here = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));
const textOf = (/** @type {string} */ name) => (existsSync(here(name)) ? readFileSync(here(name), 'utf8') : null);

/** An exported function with what stands before it in its line's neighbourhood: its decorators. */
const EXPORTED = /(@\w+\s+)?export function (\w+)\(([^)]*)\): (\w+)/g;

/** Assembly files of the operations, without ending, in alphabetical order. @returns {string[]} */
function sources() {
  const folders = readdirSync(here('.'), { withFileTypes: true }).filter((entry) => existsSync(here(`${entry.name}/assembly`)));
  const files = folders.flatMap(({ name }) => readdirSync(here(`${name}/assembly`)).map((file) => `./${name}/assembly/${file}`));
  return files.map((file) => file.replace(/\.ts$/, '')).sort();
}

/** Kernels of one source: their names and TypeScript signatures. @param {string} source */
function kernelsOf(source) {
  const all = [...(textOf(`${source}.ts`) ?? '').matchAll(EXPORTED)];
  return all
    .filter(([, decorator]) => decorator === undefined)
    .map(([, , name, parameters, result]) => {
      const names = parameters.split(',').flatMap((parameter) => parameter.split(':')[0].trim() || []);
      const returned = result === 'void' ? 'void' : 'number';
      return { name, signature: `  ${name}(${names.map((parameter) => `${parameter}: number`).join(', ')}): ${returned};` };
    });
}

/** The text of kernels.wasm.ts for the present sources. */
export async function compiledModule() {
  const kernels = sources().map((source) => ({ source, exports: kernelsOf(source) }));
  const entry = kernels
    .map(({ source, exports }) => `export { ${exports.map(({ name }) => name).join(', ')} } from '${source}';\n`)
    .join('');
  const signatures = kernels.flatMap(({ exports }) => exports.map(({ signature }) => signature)).sort();
  return `// WebAssembly of the assembly/ folders, compiled by build.mjs. Not written by hand.
// biome-ignore format: a kernel a line
export interface KernelFunctions {
${signatures.join('\n')}
}
export const KERNELS_WASM =
  '${Buffer.from(await compiled(entry)).toString('base64')}';
`;
}

/** @param {string} entry the module that exports every kernel @returns {Promise<Uint8Array>} */
async function compiled(entry) {
  let bytes = new Uint8Array();
  const options = [
    'kernels.ts',
    '--outFile',
    'kernels.wasm',
    '-O3',
    '--runtime',
    'stub',
    '--importMemory',
    '--maximumMemory',
    '65536',
    '--enable',
    'simd',
    '--noAssert',
  ];
  const { error, stderr } = await asc.main(options, {
    readFile: (name) => (name === 'kernels.ts' ? entry : textOf(name)),
    writeFile: (name, contents) => {
      if (name.endsWith('.wasm')) bytes = contents;
    },
    listFiles: () => [],
  });
  if (error) throw new Error(`the kernels do not compile: ${error.message}\n${stderr.toString()}`);
  return bytes;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(here('kernels.wasm.ts'), await compiledModule());
