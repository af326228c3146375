// Rules of the house that a machine can hold: the import arrows of the architecture, no `any`, no
// Node, DOM or Electron in shared code, promises never left floating.
import tseslint from 'typescript-eslint';

/** Forbids imports by pattern, with the reason in the message. */
const forbid = (...rules) => ({ 'no-restricted-imports': ['error', { patterns: rules.map(([group, message]) => ({ group, message })) }] });
const electronOnly = [['electron', 'electron/*'], "only electron/desktop, main.ts and preload.ts import 'electron'"];
const noNode = [['node:*', 'fs', 'path', 'ws', 'open'], 'this code runs in the window and in workers: no Node'];
const noRenderer = [
  ['**/renderer/**', 'react', 'react-dom', 'react-dom/*'],
  'renderer -> src-shared <- electron: the window code is not for others',
];
const noElectronFolder = [['**/electron/**'], 'renderer -> src-shared <- electron: host code is not for others'];
const domNames = ['window', 'document', 'localStorage', 'navigator', 'process', 'Buffer', 'require', '__dirname'];

const forcedType = {
  selector: 'TSAsExpression > TSAsExpression > TSUnknownKeyword',
  message: 'a type forced on a value hides what it is: parse it, or ask for less of it',
};
const spreadExtremes = {
  selector: 'CallExpression[callee.object.name="Math"] > SpreadElement',
  message: 'the stack overflows at some hundred thousand values: take largestOf or smallestOf (base/extremes)',
};
const blindRead = {
  selector: 'ImportDeclaration[source.value="node:fs/promises"] > ImportSpecifier[imported.name="readFile"]',
  message: 'a pipe would be waited for and a device read for ever: take readText or readRegular (files/regular-file)',
};

export default tseslint.config(
  { ignores: ['dist/**', 'out/**', '.vite/**', 'node_modules/**', '**/assembly/**'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    languageOptions: {
      parserOptions: { project: ['src-shared/tsconfig.json', 'electron/tsconfig.json', 'renderer/tsconfig.json', 'tests/tsconfig.json'] },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', forcedType],
    },
  },
  {
    files: ['src-shared/**/*.ts', 'electron/**/*.ts', 'renderer/**/*.{ts,tsx}'],
    // There the values are a handful, or counted by the kernel's own code.
    ignores: ['**/*.test.*', '**/wasm-backend/**', '**/pool.ts', '**/jpeg/frame.ts'],
    rules: { 'no-restricted-syntax': ['error', forcedType, spreadExtremes] },
  },
  {
    files: ['electron/{files,datasets,cli,app}/**/*.ts'],
    // What the system tells of processes are files of no length; the others read what the program itself brings or wrote.
    ignores: ['**/*.test.*', '**/process-identity.ts', '**/font-files.ts', '**/app/site.ts', '**/app/bulk.ts'],
    rules: { 'no-restricted-syntax': ['error', forcedType, spreadExtremes, blindRead] },
  },
  {
    files: ['src-shared/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      ...forbid(noNode, electronOnly, noRenderer, noElectronFolder),
      'no-restricted-globals': ['error', ...domNames],
    },
  },
  { files: ['renderer/**/*.{ts,tsx}'], ignores: ['**/*.test.*'], rules: forbid(noNode, electronOnly, noElectronFolder) },
  {
    files: ['electron/**/*.{ts,mjs}'],
    ignores: ['electron/desktop/**', 'electron/main.ts', 'electron/preload.ts', '**/*.test.ts'],
    rules: forbid(electronOnly, noRenderer),
  },
  { files: ['electron/desktop/**', 'electron/main.ts', 'electron/preload.ts'], rules: forbid(noRenderer) },
);
