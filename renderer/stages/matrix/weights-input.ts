// From the weights in focus to the explorer's input: asks the service for the block's matrices or for one
// weight, and for those of the other weights when two are compared.
import { useEffect, useState } from 'react';
import { useStore } from 'zustand/react';
import type { MatrixUrls, TensorMatrix, WeightsReference } from '@shared/link/studio';
import { matrixColumnText, matrixRowText, matrixShapeOf } from '@shared/tensor/matrix-shape';
import { shapeText, type TensorInfo } from '@shared/tensor/tensor';
import type { Origin } from '../../workers/matrix/matrix-protocol';
import { messageOf } from '@shared/base/message-of';
import { connection, studio } from '../../studio/studio';
import { focusBlock, focusTensor, keyOf, labelOf, loadBlocks, weights } from '../../studio/network/weights';
import { MAP_ASSUMPTION } from '@shared/merge/kernel-matrix';
import { askedMap, kernelMap, nameInFocus } from './kernel-map';
import { explorer } from './explorer';
import { blockWords } from './panels/meaning';
import { geometryOf } from '@shared/matrix/geometry';
import type { ExplorerInput } from './matrix-set';

/** A block, or a weight as it is, of some weights. */
interface Subject {
  readonly reference: WeightsReference;
  readonly name: string;
  readonly kind: 'block' | 'weight';
}

interface Found {
  readonly input: ExplorerInput | null;
  readonly problem: string | null;
}

/** The input for the matrix in focus; the last one while the next is on its way, with the reason why if it failed. */
export function useWeightsInput(): Found {
  const client = useStore(connection, (state) => state.client);
  const { reference, block, tensor } = useStore(weights);
  const other = useStore(explorer, (state) => state.other);
  const map = useStore(kernelMap, (state) => state.text);
  const reading = useStore(weights, (state) => state.reading);
  const [found, setFound] = useState<Found>({ input: null, problem: null });
  const key = [reference, other?.reference].map((weightsOf) => (weightsOf ? keyOf(weightsOf) : '')).join(' ');
  useEffect(() => {
    if (!client) return;
    let current = true;
    const settle = (next: Found): void => {
      if (current) setFound(next);
    };
    const fail = (error: unknown): void => settle({ input: null, problem: messageOf(error) });
    loadBlocks().catch(fail);
    const subject = subjectOf(reference, block, tensor);
    const compared = other && subjectOf(other.reference, other.block, tensor);
    if (subject) inputFor(subject, compared).then((input) => settle({ input, problem: null }), fail);
    return () => {
      current = false;
    };
    // `key` stands for the two references.
  }, [client, key, block, tensor, other?.block, map, reading]);
  return found;
}

function subjectOf(reference: WeightsReference, block: string | null, tensor: string | null): Subject | null {
  if (tensor !== null) return { reference, name: tensor, kind: 'weight' };
  return block === null ? null : { reference, name: block, kind: 'block' };
}

function inputFor(subject: Subject, other: Subject | null): Promise<ExplorerInput> {
  if (other) return comparedInput(subject, other);
  return subject.kind === 'weight' ? weightInput(subject) : blockInput(subject);
}

const matricesOf = ({ reference, name }: Subject): Promise<MatrixUrls> => studio().merge.matrices({ weights: reference, block: name });
const weightOf = async ({ reference, name }: Subject): Promise<TensorMatrix> => {
  const { name: tensor, merged } = nameInFocus(name);
  return studio().checkpoint.matrix({ weights: reference, tensor, merged, map: askedMap(name) });
};

function from(url: string): Origin {
  return { kind: 'url', url: new URL(url, window.location.href).href };
}

async function blockInput(subject: Subject): Promise<ExplorerInput> {
  const { path, rows, columns, layer, before, added, after } = await matricesOf(subject);
  const { reference, name: block } = subject;
  const geometry = geometryOf(layer);
  return {
    key: `${keyOf(reference)} ${block}`,
    title: path,
    rows,
    columns,
    geometry,
    panes: {
      before: { name: 'Before: FC3 with its BN', short: 'before', origin: from(before) },
      added: { name: 'Added by the conv branches', short: 'added', origin: from(added) },
      after: { name: 'After the merge', short: 'after', origin: from(after) },
    },
    isMerge: true,
    words: blockWords(geometry),
    explain: (row, column) => studio().merge.provenance({ weights: reference, block, row, column }),
  };
}

async function weightInput(subject: Subject): Promise<ExplorerInput> {
  const matrix = await weightOf(subject);
  const { name, dtype, shape, rows, columns, url, geometry } = matrix;
  const onMap = geometry && ` on a map of ${geometry.h}x${geometry.w}, ${rows}x${columns}; ${MAP_ASSUMPTION}`;
  const read = onMap ?? (shape.length === 4 ? `, read as ${rows}x${columns}` : '');
  return {
    key: `${keyOf(subject.reference)} weight ${subject.name} ${geometry ? `${geometry.h}x${geometry.w}` : ''}`,
    title: name,
    rows,
    columns,
    geometry,
    panes: { after: { name: `${name}: ${dtype} ${shapeText(shape)}${read}`, short: 'value', origin: from(url) } },
    isMerge: false,
    words: weightWords(matrix),
    explain: null,
  };
}

function weightWords({ shape, geometry }: TensorMatrix): ExplorerInput['words'] {
  if (geometry) return blockWords(geometry);
  return (row, column) => ({ row: matrixRowText(shape, row), column: matrixColumnText(shape, column) });
}

/** What is compared of a subject: the block's merged matrix, or the weight as it is. */
type Side = Pick<ExplorerInput, 'rows' | 'columns' | 'geometry' | 'words'> & { readonly origin: Origin };

async function sideOf(subject: Subject): Promise<Side> {
  if (subject.kind === 'weight') {
    const matrix = await weightOf(subject);
    return { ...matrix, words: weightWords(matrix), origin: from(matrix.url) };
  }
  const { rows, columns, layer, after } = await matricesOf(subject);
  const geometry = geometryOf(layer);
  return { rows, columns, geometry, words: blockWords(geometry), origin: from(after) };
}

/** The matrices A and B of two sets of weights, with B - A between them. Throws when their sizes differ. */
async function comparedInput(a: Subject, b: Subject): Promise<ExplorerInput> {
  const [ofA, ofB] = await Promise.all([sideOf(a), sideOf(b)]);
  const [nameA, nameB] = [a, b].map(({ reference, name }) => `${labelOf(reference, weights.getState().opened)} ${name}`.trim());
  if (ofA.rows !== ofB.rows || ofA.columns !== ofB.columns) {
    const size = (name: string, { rows, columns }: Side): string => `${name} is ${rows} x ${columns}`;
    throw new Error(`Matrices of one size can be compared; ${size(nameA, ofA)}, ${size(nameB, ofB)}. Choose another one to compare with.`);
  }
  const state = a.kind === 'block' ? ', merged' : '';
  return {
    key: `${keyOf(a.reference)} ${a.kind} ${a.name} against ${keyOf(b.reference)} ${b.name}`,
    title: `${nameA} against ${nameB}`,
    rows: ofA.rows,
    columns: ofA.columns,
    geometry: ofA.geometry,
    panes: {
      before: { name: `A: ${nameA}${state}`, short: 'A', origin: ofA.origin },
      added: { name: 'B - A', short: 'B - A', origin: { kind: 'difference', minuend: ofB.origin, subtrahend: ofA.origin } },
      after: { name: `B: ${nameB}${state}`, short: 'B', origin: ofB.origin },
    },
    isMerge: false,
    words: ofA.words,
    explain: null,
  };
}

/** The tensors that can be shown as a matrix. */
export function matrixTensors(tensors: readonly TensorInfo[] | null): readonly TensorInfo[] {
  return (tensors ?? []).filter((tensor) => matrixShapeOf(tensor) !== null);
}

/** What the keys step through: weights while one is in focus, else blocks. */
export function matricesInFocus(): readonly string[] {
  const { blocks, tensors, tensor } = weights.getState();
  return tensor === null ? (blocks ?? []) : matrixTensors(tensors).map(({ name }) => name);
}

/** Puts the next (1) or previous (-1) block, or weight, in focus. */
export function stepMatrix(by: number): void {
  const { block, tensor } = weights.getState();
  const names = matricesInFocus();
  if (names.length === 0) return;
  const next = names[(names.indexOf(tensor ?? block ?? '') + by + names.length) % names.length];
  if (tensor === null) focusBlock(next);
  else focusTensor(next);
}
