// The three matrices of a block in their workers, as React sees them.
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { MatrixGeometry } from '@shared/matrix/geometry';
import type { Layout } from '@shared/matrix/layout';
import { MatrixClient, type MatrixStatus } from '../../workers/matrix/matrix-client';
import type { Origin } from '../../workers/matrix/matrix-protocol';
import type { Provenance } from '@shared/merge/mathematics/matrices';
import { PANES, type PaneId } from './explorer';

/** What a row computes and what a column reads. */
export interface CellWords {
  readonly row: string;
  readonly column: string;
}

/** A matrix in words, and where its values come from. */
export interface PaneSource {
  readonly name: string;
  /** Beside a value or a small map. */
  readonly short: string;
  readonly origin: Origin;
}

/** What the explorer shows: sizes, where the values come from, and who can explain a cell. */
export interface ExplorerInput {
  /** Changes when other matrices are meant. */
  readonly key: string;
  readonly title: string;
  readonly rows: number;
  readonly columns: number;
  /** null when rows and columns have no meaning in the paper's words (any two matrices). */
  readonly geometry: MatrixGeometry | null;
  /** What each pane shows; a weight on its own has one pane, `after`. */
  readonly panes: Readonly<Partial<Record<PaneId, PaneSource>>>;
  /** Whether they are one block before its merge, what the branches add, and after: else nothing is said of kernels. */
  readonly isMerge: boolean;
  /** What a stored cell is, in words; null when rows and columns have none. */
  readonly words: ((row: number, column: number) => CellWords) | null;
  /** Explains a stored cell; null when nobody can. */
  readonly explain: ((row: number, column: number) => Promise<Provenance>) | null;
}

/** The panes that hold a matrix, in reading order. */
export function panesOf({ panes }: Pick<ExplorerInput, 'panes'>): readonly PaneId[] {
  return PANES.filter((id) => panes[id] !== undefined);
}

export type MatrixSet = Readonly<Record<PaneId, MatrixClient>>;
export type StatusSet = Readonly<Record<PaneId, MatrixStatus>>;

/** Three workers for as long as the view is shown, holding the matrices of `input` in `layout`. */
export function useMatrixSet(input: ExplorerInput, layout: Layout): MatrixSet | null {
  const [set, setSet] = useState<MatrixSet | null>(null);
  useEffect(() => {
    const made = { before: newClient(), added: newClient(), after: newClient() };
    setSet(made);
    return () => PANES.forEach((id) => made[id].dispose());
  }, []);
  useEffect(() => {
    if (set) openAll(set, input, layout);
    // A later change of layout alone needs no new values: the effect below.
  }, [set, input]);
  useEffect(() => {
    if (set) panesOf(input).forEach((id) => set[id].showLayout(layout));
  }, [set, layout]);
  return set;
}

function openAll(set: MatrixSet, { rows, columns, panes }: ExplorerInput, layout: Layout): void {
  for (const id of PANES) {
    const source = panes[id];
    if (source) set[id].open({ rows, columns, origin: source.origin, layout });
  }
}

function newClient(): MatrixClient {
  return new MatrixClient(new Worker(new URL('../../workers/matrix/matrix.worker.ts', import.meta.url), { type: 'module' }));
}

/** The status of each matrix; re-renders when one changes. */
export function useStatuses(set: MatrixSet): StatusSet {
  return {
    before: useStatus(set.before),
    added: useStatus(set.added),
    after: useStatus(set.after),
  };
}

function useStatus(client: MatrixClient): MatrixStatus {
  return useSyncExternalStore(
    (listener) => client.subscribe(listener),
    () => client.status,
  );
}
