// Runs in the browser for matrix-explorer.test.ts: the explorer on a small block whose values are known.
// before = row + column / 1000, the added kernel K[u, v] = 100 + 10 u + v between all channels.
import { createRoot } from 'react-dom/client';
import { convToFc } from '@shared/merge/mathematics/fc-matrix';
import { MatrixExplorer } from '../../renderer/stages/matrix/MatrixExplorer';
import { Tools } from '../../renderer/stages/matrix/Tools';
import type { MatrixGeometry } from '@shared/matrix/geometry';
import { blockWords } from '../../renderer/stages/matrix/panels/meaning';

const geometry: MatrixGeometry = { family: 'repmlp', O: 4, channels: 2, groups: 2, h: 4, w: 4, kernels: [1, 3] };
const [rows, columns, K] = [64, 32, 3];
const before = Float32Array.from({ length: rows * columns }, (_, k) => Math.floor(k / columns) + (k % columns) / 1000);
const weight = Float64Array.from({ length: 4 * 2 * K * K }, (_, k) => 100 + 10 * (Math.floor(k / K) % K) + (k % K));
const added = convToFc({ O: 4, channels: 2, K, weight, bias: new Float64Array(4) }, { O: 4, channels: 2, h: 4, w: 4 });
const after = before.map((value, k) => value + added[k]);
const origin = (values: Float32Array) => ({ kind: 'values', values }) as const;

const input = {
  key: 'known values',
  title: 'known values',
  rows,
  columns,
  geometry,
  panes: {
    before: { name: 'Before', short: 'before', origin: origin(before) },
    added: { name: 'Added', short: 'added', origin: origin(added) },
    after: { name: 'After', short: 'after', origin: origin(after) },
  },
  isMerge: true,
  words: blockWords(geometry),
  explain: null,
};

createRoot(document.getElementById('root') as HTMLElement).render(
  <div style={{ height: '80vh' }}>
    <Tools input={input} />
    <MatrixExplorer input={input} />
  </div>,
);
