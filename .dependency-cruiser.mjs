// The rooms of the house and which way imports may point, for dependency-cruiser. The order is the table: a room imports
// only from rooms that stand before it. Run by `npm run structure`, which also knows the breaches that are still allowed.

/** Rooms of each part, lowest first. */
export const rooms = {
  'src-shared': [
    'base',
    'tensor',
    'colour',
    'checkpoint',
    'model',
    'matrix',
    'dataset',
    'merge',
    'proof',
    'cost',
    'pattern',
    'training',
    'run',
    'figure',
    'lesson',
    'compute',
    'link',
  ],
  electron: ['files', 'datasets', 'runs', 'workers', 'app', 'web-host', 'cli', 'desktop'],
  renderer: ['ui', 'workers', 'gl', 'studio', 'stages', 'shell'],
  'renderer/stages': ['model', 'dataset', 'training', 'checkpoint', 'merge', 'matrix', 'pattern', 'cost', 'figure', 'lesson'],
};

/** Rooms beside each other that do not know one another, although one stands before the other. */
const strangers = [
  ['electron/cli', 'electron/desktop'],
  ['electron/web-host', 'electron/desktop'],
];

/** @param {string} part @param {string[]} names @returns {string} */
const below = (part, names) => `^${part}/(${names.join('|')})/`;

/** @typedef {import('dependency-cruiser').IForbiddenRuleType} Rule */

/** @type {Rule[]} */
const downwards = Object.entries(rooms).flatMap(([part, names]) =>
  names.slice(0, -1).map((name, i) => ({
    name: `${part}/${name}`,
    comment: `${part}/${name} stands before ${names.slice(i + 1).join(', ')} and imports from none of them`,
    severity: 'error',
    from: { path: below(part, [name]) },
    to: { path: below(part, names.slice(i + 1)) },
  })),
);

/** @param {string} name @param {string} comment @param {{}} from @param {{}} to @returns {Rule} */
const apart = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...downwards,
    ...strangers.flatMap(([a, b]) => [
      apart(`${a} and ${b}`, 'two hosts of one program', { path: `^${a}/` }, { path: `^${b}/` }),
      apart(`${b} and ${a}`, 'two hosts of one program', { path: `^${b}/` }, { path: `^${a}/` }),
    ]),
    apart('shared code knows no host', 'renderer -> src-shared <- electron', { path: '^src-shared/' }, { path: '^(electron|renderer)/' }),
    apart('window and host', 'renderer -> src-shared <- electron', { path: '^renderer/' }, { path: '^electron/' }),
    apart('host and window', 'renderer -> src-shared <- electron', { path: '^electron/' }, { path: '^renderer/' }),
    apart(
      'door of a stage',
      'a stage is known to others by its index alone',
      { path: '^renderer/stages/([^/]+)/' },
      { path: '^renderer/stages/', pathNot: ['^renderer/stages/$1/', '^renderer/stages/[^/]+/index\\.ts$'] },
    ),
    apart(
      'doors of the stages',
      'the frame knows a stage by its index alone',
      { path: '^renderer/(shell/|main\\.tsx)' },
      { path: '^renderer/stages/', pathNot: '^renderer/stages/[^/]+/index\\.ts$' },
    ),
    apart(
      'no store in controls',
      'controls get values and hand back what the user makes of them',
      { path: '^renderer/ui/' },
      { path: 'node_modules/zustand/' },
    ),
    apart(
      'stores',
      'stores are made in renderer/studio/state.ts, so that commands hear of every change',
      { path: '^renderer/', pathNot: '^renderer/studio/state\\.ts$' },
      { path: 'node_modules/zustand/(esm/)?vanilla' },
    ),
    apart(
      'tests only',
      'no product code reaches testing/',
      { path: '^(src-shared|electron|renderer)/' },
      { path: '^(testing|tests|bench)/' },
    ),
    apart(
      'three.js',
      'only renderer/gl needs three.js',
      { path: '^(src-shared|electron|renderer)/', pathNot: '^renderer/gl/' },
      { path: 'node_modules/three/' },
    ),
    apart(
      'one door',
      'the WASM backend is reached by install.ts alone',
      { path: '^(src-shared|electron|renderer)/', pathNot: '^src-shared/compute/wasm-backend/' },
      { path: '^src-shared/compute/wasm-backend/(?!install\\.ts$)' },
    ),
    apart('unresolved', 'an import that leads nowhere hides its arrow', {}, { couldNotResolve: true }),
    apart('circle', 'files that import one another', {}, { circular: true }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['\\.test\\.tsx?$', '/assembly/', '^dist/'] },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.css'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'module', 'require', 'node', 'default', 'types'],
    },
  },
};
