// The tensors of a file: searched, sorted, drawn only where they are seen, broken values flagged.
import { printable } from '@shared/base/printable';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, type ReactNode } from 'react';
import { z } from 'zod';
import { useStore } from 'zustand';
import type { OpenedCheckpoint, TensorStatistics } from '@shared/link/studio';
import { matrixShapeOf } from '@shared/tensor/matrix-shape';
import { shapeText } from '@shared/tensor/tensor';
import { useLook } from '../../studio/looks';
import { goTo } from '../../studio/navigation';
import { statistics } from './statistics';
import { chooseWeights, focusTensor } from '../../studio/network/weights';
import { exact, measured } from '../../ui/format';
import { Panel } from '../../studio/Stage';
import { remPixels } from '../../ui/rem';
import { brokenTensors, shownTensors, TENSOR_COLUMNS, tensorSort, type TensorRow, type TensorSort } from './tensor-rows';

/** Of a name of one line, in root ems, as in checkpoint.css. */
const ROW_HEIGHT = 1.5625;
const NO_STATISTICS: ReadonlyMap<string, TensorStatistics> = new Map();

const SEARCH = { stage: 'checkpoint', name: 'search', schema: z.string(), first: '' } as const;
const IN_ORDER: TensorSort = { key: 'order', descending: false };
const SORT = { stage: 'checkpoint', name: 'sort', schema: tensorSort, first: IN_ORDER } as const;
const ALL_COLUMNS = { stage: 'checkpoint', name: 'all-columns', schema: z.boolean(), first: false as boolean } as const;

export function TensorTable({ file }: { readonly file: OpenedCheckpoint }) {
  const known = useStore(statistics, (state) => state.byFile.get(file.id) ?? NO_STATISTICS);
  const [query, setQuery] = useLook({ ...SEARCH, about: file.id });
  const [sort, setSort] = useLook(SORT);
  const rows = useMemo(() => shownTensors(file.tensors, known, query, sort), [file, known, query, sort]);
  const broken = brokenTensors(known);
  const [wide, setWide] = useLook(ALL_COLUMNS);
  const tools = (
    <>
      <button type="button" className="button quiet tensor-columns" aria-pressed={wide} onClick={() => setWide(!wide)}>
        {wide ? 'Fewer columns' : 'All columns'}
      </button>
      <input
        type="search"
        className="tensor-search"
        placeholder="Search names, shapes, types"
        aria-label="Search tensors"
        value={query}
        data-testid="tensor-search"
        onChange={(event) => setQuery(event.target.value)}
      />
    </>
  );
  const says = `${rows.length} of ${file.tensors.length}; statistics of ${known.size} read`;
  return (
    <Panel title="Tensors" says={says} tools={tools} bare testId="tensors">
      {broken.length > 0 && (
        <p className="says-error" role="alert" data-testid="broken-tensors">
          {`${broken.length} tensors hold NaN or infinities: ${broken.slice(0, 5).join(', ')}${broken.length > 5 ? ' and more' : ''}.`}
        </p>
      )}
      <TensorRows wide={wide} rows={rows} fileId={file.id} head={<TensorHead sort={sort} onSort={setSort} />} />
    </Panel>
  );
}

function TensorHead({ sort, onSort }: { readonly sort: TensorSort; readonly onSort: (sort: TensorSort) => void }) {
  return (
    <div className="tensor-row tensor-head" role="row">
      {TENSOR_COLUMNS.map(([key, title]) => (
        <span key={key} role="columnheader" aria-sort={sort.key !== key ? undefined : sort.descending ? 'descending' : 'ascending'}>
          <button type="button" onClick={() => onSort({ key, descending: sort.key === key && !sort.descending })}>
            {title}
            {sort.key === key && <span aria-hidden="true">{sort.descending ? ' ↓' : ' ↑'}</span>}
          </button>
        </span>
      ))}
    </div>
  );
}

interface RowsProps {
  /** Whether all columns are shown where they do not fit beside each other. */
  readonly wide: boolean;
  readonly rows: readonly TensorRow[];
  readonly fileId: string;
  /** Stays in sight above them, and goes along when they scroll sideways. */
  readonly head: ReactNode;
}

function TensorRows({ wide, rows, fileId, head }: RowsProps) {
  const frame = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => remPixels(ROW_HEIGHT),
    overscan: 12,
  });
  return (
    <div
      ref={frame}
      className={wide ? 'tensor-frame' : 'tensor-frame few-columns'}
      tabIndex={0}
      role="table"
      aria-label="Tensors"
      aria-rowcount={rows.length}
    >
      {head}
      <div className="tensor-lines" style={{ height: list.getTotalSize(), position: 'relative' }}>
        {list.getVirtualItems().map(({ index, start }) => (
          <OneTensor key={rows[index].info.name} row={rows[index]} {...{ index, top: start, fileId, measure: list.measureElement }} />
        ))}
      </div>
    </div>
  );
}

/** Shows a weight of an opened file in the matrix explorer. */
function openAsMatrix(fileId: string, tensor: string): void {
  chooseWeights({ kind: 'file', id: fileId });
  focusTensor(tensor);
  goTo('matrix');
}

interface OneTensorProps {
  readonly row: TensorRow;
  readonly index: number;
  readonly top: number;
  /** Learns how high the row is: long names take more than a line. */
  readonly measure: (row: HTMLElement | null) => void;
  readonly fileId: string;
}

/** A name, which leads to the matrix where the tensor is one. */
function TensorName({ info, fileId }: { readonly info: TensorRow['info']; readonly fileId: string }) {
  const name = printable(info.name);
  if (!matrixShapeOf(info)) return name;
  return (
    <button type="button" className="mono as-matrix" title={`Open ${name} as matrix`} onClick={() => openAsMatrix(fileId, info.name)}>
      {name}
    </button>
  );
}

function OneTensor({ row: { info, own }, index: at, top, measure, fileId }: OneTensorProps) {
  const broken = own && own.nans + own.infinities > 0;
  const numbers = own ? [own.min, own.max, own.mean, own.deviation].map(measured) : ['', '', '', ''];
  return (
    <div
      ref={measure}
      data-index={at}
      className={broken ? 'tensor-row broken' : 'tensor-row'}
      role="row"
      style={{ transform: `translateY(${top}px)` }}
    >
      <span className="mono" role="cell">
        <TensorName info={info} fileId={fileId} />
      </span>
      <span role="cell">{shapeText(info.shape)}</span>
      <span role="cell">{info.dtype}</span>
      {numbers.map((text, index) => (
        <span role="cell" key={index} className="number">
          {text}
        </span>
      ))}
      <span role="cell" className="number">
        {own && exact(own.zeros)}
      </span>
      <span role="cell" className="number">
        {own && (broken ? `${own.nans} NaN, ${own.infinities} inf` : '0')}
      </span>
    </div>
  );
}
