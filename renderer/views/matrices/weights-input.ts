// From the weights in focus to the explorer's input: asks the service for the block's matrices, and for those
// of the other weights when two are compared.
import { useEffect, useState } from 'react';
import { useStore } from 'zustand/react';
import type { MatrixUrls, WeightsReference } from '@shared/contract/studio';
import type { Origin } from '../../gl/matrix-protocol';
import { messageOf } from '../../state/notices';
import { connection, studio } from '../../state/studio';
import { focusBlock, keyOf, labelOf, loadBlocks, weights } from '../../state/weights';
import { explorer } from './explorer';
import { geometryOf } from './meaning';
import type { ExplorerInput } from './matrix-set';

const BLOCK_NAMES = { before: 'Before: FC3 with its BN', added: 'Added by the conv branches', after: 'After the merge' } as const;

interface Subject {
  readonly reference: WeightsReference;
  readonly block: string;
}

interface Found {
  readonly input: ExplorerInput | null;
  readonly problem: string | null;
}

/** The input for the block in focus; the last one while the next is on its way, with the reason why if it failed. */
export function useWeightsInput(): Found {
  const client = useStore(connection, (state) => state.client);
  const { reference, block } = useStore(weights);
  const other = useStore(explorer, (state) => state.other);
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
    if (block !== null) inputFor({ reference, block }, other).then((input) => settle({ input, problem: null }), fail);
    return () => {
      current = false;
    };
    // `key` stands for the two references.
  }, [client, key, block, other?.block]);
  return found;
}

function inputFor(subject: Subject, other: Subject | null): Promise<ExplorerInput> {
  return other ? comparedInput(subject, other) : blockInput(subject);
}

const matricesOf = (subject: Subject): Promise<MatrixUrls> => studio().merge.matrices({ weights: subject.reference, block: subject.block });

function from(url: string): Origin {
  return { kind: 'url', url: new URL(url, window.location.href).href };
}

async function blockInput({ reference, block }: Subject): Promise<ExplorerInput> {
  const { path, rows, columns, layer, before, added, after } = await matricesOf({ reference, block });
  return {
    key: `${keyOf(reference)} ${block}`,
    title: path,
    rows,
    columns,
    geometry: geometryOf(layer),
    origins: { before: from(before), added: from(added), after: from(after) },
    names: BLOCK_NAMES,
    explain: (row, column) => studio().merge.provenance({ weights: reference, block, row, column }),
  };
}

/** The merged matrices A and B of two sets of weights, with B - A between them. Throws when their sizes differ. */
async function comparedInput(a: Subject, b: Subject): Promise<ExplorerInput> {
  const [ofA, ofB] = await Promise.all([matricesOf(a), matricesOf(b)]);
  if (ofA.rows !== ofB.rows || ofA.columns !== ofB.columns) {
    const sizes = [ofA, ofB].map(({ path, rows, columns }) => `${path || 'the network'} is ${rows} x ${columns}`).join(', ');
    throw new Error(`Matrices of one size can be compared; ${sizes}. Choose another block to compare with.`);
  }
  const nameOf = ({ reference, block }: Subject): string => `${labelOf(reference, weights.getState().opened)} ${block}`;
  const [minuend, subtrahend] = [from(ofB.after), from(ofA.after)];
  return {
    key: `${keyOf(a.reference)} ${a.block} against ${keyOf(b.reference)} ${b.block}`,
    title: `${nameOf(a)} against ${nameOf(b)}`,
    rows: ofA.rows,
    columns: ofA.columns,
    geometry: geometryOf(ofA.layer),
    origins: { before: subtrahend, added: { kind: 'difference', minuend, subtrahend }, after: minuend },
    names: { before: `A: ${nameOf(a)}, merged`, added: 'B - A', after: `B: ${nameOf(b)}, merged` },
    explain: null,
  };
}

/** Puts the next (1) or previous (-1) block in focus. */
export function stepBlock(by: number): void {
  const { blocks, block } = weights.getState();
  if (!blocks || blocks.length === 0) return;
  const index = blocks.indexOf(block ?? '');
  focusBlock(blocks[(index + by + blocks.length) % blocks.length]);
}
