// The three matrices of a block in their workers, as React sees them.
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Layout, MatrixGeometry } from '../../gl/geometry';
import { MatrixClient, type MatrixStatus } from '../../gl/matrix-client';
import type { Origin } from '../../gl/matrix-protocol';
import type { Provenance } from '@shared/merge/matrices';
import { PANES, type PaneId } from './explorer';

/** What the explorer shows: sizes, where the values come from, and who can explain a cell. */
export interface ExplorerInput {
  /** Changes when other matrices are meant. */
  readonly key: string;
  readonly title: string;
  readonly rows: number;
  readonly columns: number;
  /** null when rows and columns have no meaning in the paper's words (any two matrices). */
  readonly geometry: MatrixGeometry | null;
  readonly origins: Readonly<Record<PaneId, Origin>>;
  readonly names: Readonly<Record<PaneId, string>>;
  /** Explains a stored cell; null when nobody can. */
  readonly explain: ((row: number, column: number) => Promise<Provenance>) | null;
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
    if (set) PANES.forEach((id) => set[id].showLayout(layout));
  }, [set, layout]);
  return set;
}

function openAll(set: MatrixSet, { rows, columns, origins }: ExplorerInput, layout: Layout): void {
  for (const id of PANES) set[id].open({ rows, columns, origin: origins[id], layout });
}

function newClient(): MatrixClient {
  return new MatrixClient(new Worker(new URL('../../gl/matrix.worker.ts', import.meta.url), { type: 'module' }));
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
