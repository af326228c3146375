// The numbers behind a figure as files beside it: each array as .npy (NumPy's format 1.0, float32, C order), tables as CSV.
import { csvLine } from '../base/csv-line';
import type { DisplayList } from './page/display-list';

/** A file beside a figure; `name` follows the figure's own. */
export interface SidecarFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** All numbers of a figure, in the order in which it is drawn. */
export function sidecarFiles({ marks, tables, caption }: DisplayList): SidecarFile[] {
  const arrays = marks.flatMap((mark) => (mark.kind === 'cells' ? [mark] : []));
  const taken = new Set<string>();
  const named = (name: string, ending: string): string => {
    const slug =
      name
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, '-')
        .replace(/^-|-$/g, '') || 'data';
    let unique = slug;
    for (let i = 2; taken.has(unique); i++) unique = `${slug}-${i}`;
    taken.add(unique);
    return `${unique}.${ending}`;
  };
  const text = (content: string): Uint8Array => new TextEncoder().encode(content);
  return [
    ...arrays.map(({ name, values }) => ({ name: named(name, 'npy'), bytes: npy(values) })),
    ...tables.map(({ name, columns, rows }) => ({
      name: named(name, 'csv'),
      bytes: text(`${[columns, ...rows].map((row) => csvLine([...row])).join('\n')}\n`),
    })),
    { name: 'caption.txt', bytes: text(`${caption}\n`) },
  ];
}

function npy({ rows, columns, data }: { readonly rows: number; readonly columns: number; readonly data: Float32Array }): Uint8Array {
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  // Magic, version and length are 10 bytes; the header ends with a line end on a multiple of 64.
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64;
  const file = new Uint8Array(length + 4 * data.length);
  const view = new DataView(file.buffer);
  file.set([0x93, ...[...'NUMPY'].map((letter) => letter.charCodeAt(0)), 1, 0]);
  view.setUint16(8, length - 10, true);
  file.set(new TextEncoder().encode(`${dictionary.padEnd(length - 11)}\n`), 10);
  data.forEach((value, i) => view.setFloat32(length + 4 * i, value, true));
  return file;
}
