// The ledger summed over stages, blocks and layers, as people read networks: `stages.0`, `stage2`, `layer3`
// are stages; `stages.0.1`, `stage2.3`, `stage1.mix1` are blocks; other layers stand for themselves.
import type { Ledger, LedgerRow } from './ledger';
import { intensityOf, type Macs } from './row';

export type GroupLevel = 'stage' | 'block' | 'layer';
export const GROUP_LEVELS: readonly GroupLevel[] = ['stage', 'block', 'layer'];

/** What bars and areas can stand for; `operations` are counted in the ledger's convention. */
export type CostMeasure = 'operations' | 'params' | 'bytes';

/** Sums over the rows of one stage, block or layer. */
export interface LedgerGroup {
  readonly name: string;
  readonly params: number;
  readonly macs: Macs;
  readonly operations: number;
  readonly bytes: number;
  /** Arithmetic intensity: FLOPs (2 per multiply-accumulate) per byte moved. */
  readonly intensity: number;
  readonly rows: readonly LedgerRow[];
}

/** Stage or block of the layer at a path, or the path itself. */
export function groupName(layerPath: string, level: GroupLevel): string {
  if (level === 'layer') return layerPath;
  const segments = layerPath.split('.');
  const numberedList = segments.length > 1 && !/\d/.test(segments[0]) && /^\d+$/.test(segments[1]);
  const stageLength = numberedList ? 2 : 1;
  return segments.slice(0, level === 'stage' ? stageLength : stageLength + 1).join('.');
}

/** Groups a ledger's rows by stage, block or layer, in execution order. Sums over the groups are the ledger's totals. */
export function groupLedger(ledger: Ledger, level: GroupLevel): LedgerGroup[] {
  const groups = new Map<string, LedgerRow[]>();
  for (const row of ledger.layers) {
    const name = groupName(row.layer, level);
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups].map(([name, rows]) => sumRows(name, rows));
}

function sumRows(name: string, rows: readonly LedgerRow[]): LedgerGroup {
  const sum = (value: (row: LedgerRow) => number): number => rows.reduce((total, row) => total + value(row), 0);
  const [macs, bytes] = [sum((row) => row.macs) as Macs, sum((row) => row.bytes)];
  return {
    name,
    params: sum((row) => row.params),
    macs,
    operations: sum((row) => row.operations),
    bytes,
    intensity: intensityOf(macs, bytes),
    rows,
  };
}
