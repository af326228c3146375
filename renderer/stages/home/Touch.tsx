// The live matrix: a row under the pointer, or under the slider, lights up as the maps it reads. Until it is touched the row
// moves by itself, unless the user asked for less motion.
import { largestOf } from '@shared/base/extremes';
import { useEffect, useMemo, useState, type PointerEvent } from 'react';
import { useStore } from 'zustand';
import { messageOf } from '@shared/base/message-of';
import { useLook } from '../../studio/looks';
import { z } from 'zod';
import { firstPictureStands } from '../../studio/first-picture';
import { BUNDLED } from '../../studio/network/weights';
import { connection } from '../../studio/studio';
import { HeatMap, placeAxes, ScaleBar, type Picture, type Range } from '../../ui/HeatMap';
import { Segments } from '../../ui/controls';
import { measured } from '../../ui/format';
import { CellTable } from '../../ui/TableBehind';
import { loadLiveMatrix, mapsOfRow, placeOfRow, type LiveMatrix, type PartName } from './live-matrix';

type Loaded = { readonly matrix: LiveMatrix } | { readonly problem: string } | null;

export function Touch() {
  const connected = useStore(connection, ({ client }) => client !== null);
  const [loaded, setLoaded] = useState<Loaded>(null);
  useEffect(() => {
    if (!connected) return;
    loadLiveMatrix().then(
      (matrix) => setLoaded({ matrix }),
      (error: unknown) => setLoaded({ problem: messageOf(error) }),
    );
  }, [connected]);
  useEffect(() => {
    if (loaded !== null) requestAnimationFrame(firstPictureStands);
  }, [loaded]);
  if (loaded === null) return <p className="empty">Reading the network that comes with the program.</p>;
  if ('problem' in loaded) return <p className="says-error">{loaded.problem}</p>;
  return <Alive matrix={loaded.matrix} />;
}

const PARTS: readonly (readonly [PartName, string])[] = [
  ['before', 'Before'],
  ['added', 'Added by the convolutions'],
  ['after', 'After the merge'],
];
const MOVE_MILLISECONDS = 250;

/** A row of FC3 that moves on by itself until one is chosen. */
function useMovingRow(shape: LiveMatrix['shape']): readonly [number, (row: number) => void] {
  // The middle of the first channel's map: a place whose neighbours are all there.
  const [row, setRow] = useState((shape.h >> 1) * shape.w + (shape.w >> 1));
  const [touched, setTouched] = useState(false);
  useEffect(() => {
    if (touched || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const rows = shape.O * shape.h * shape.w;
    const timer = setInterval(() => setRow((at) => (at + 1) % rows), MOVE_MILLISECONDS);
    return () => clearInterval(timer);
  }, [touched, shape]);
  const choose = (chosen: number) => {
    setTouched(true);
    setRow(chosen);
  };
  return [row, choose];
}

const PART = {
  stage: 'home',
  name: 'part',
  schema: z.enum(['before', 'added', 'after']),
  first: 'after' as PartName,
} as const;

function Alive({ matrix: { block, shape, parts, limit, largest } }: { readonly matrix: LiveMatrix }) {
  const [part, setPart] = useLook(PART);
  const [row, choose] = useMovingRow(shape);
  const picture = parts[part];
  const range = [-limit, limit] as const;
  const label = `FC3 of ${block}, ${picture.rows} rows, ${picture.columns} columns`;
  const follow = ({ nativeEvent: { offsetY }, currentTarget: { clientHeight } }: PointerEvent) =>
    choose(Math.max(0, Math.min(picture.rows - 1, Math.floor((offsetY / clientHeight) * picture.rows))));
  return (
    <section className="touch" aria-label="A merged matrix to touch" data-testid="touch">
      <h2>{`FC3 of ${BUNDLED.name}, which comes with the program`}</h2>
      <div className="row">
        <Segments label="Part of the merge" value={part} options={PARTS} onChange={setPart} testId="touch-part" />
        <ScaleBar range={range} />
        <span className="faint">{`colours end there; the largest weight is ${measured(largest)}`}</span>
      </div>
      <div className="touch-pictures">
        <div className="touch-matrix" data-testid="touch-matrix" onPointerMove={follow} onPointerDown={follow}>
          <HeatMap picture={picture} range={range} label={label} size={480} tabled={false} />
          <span className="touch-row" style={{ top: `${(100 * (row + 0.5)) / picture.rows}%` }} />
        </div>
        <CellTable what={label} rows={picture.rows} columns={picture.columns} values={picture.data} />
        <RowMaps picture={picture} shape={shape} row={row} />
      </div>
      <label className="row faint">
        Row
        <input
          type="range"
          min={0}
          max={picture.rows - 1}
          value={row}
          data-testid="touch-slider"
          onChange={({ target }) => choose(Number(target.value))}
        />
      </label>
    </section>
  );
}

interface RowMapsProps {
  readonly picture: Picture;
  readonly shape: LiveMatrix['shape'];
  readonly row: number;
}

function rangeOf(maps: readonly Picture[]): Range {
  const limit = largestOf(maps.map(({ data }) => data.reduce((most, value) => Math.max(most, Math.abs(value)), 0)));
  return [-limit, limit];
}

function RowMaps({ picture, shape, row }: RowMapsProps) {
  const maps = useMemo(() => mapsOfRow(picture, shape, row), [picture, shape, row]);
  // Of this row alone: most rows are faint beside the strongest of the matrix.
  const range = useMemo((): Range => rangeOf(maps), [maps]);
  const { o, i, j } = placeOfRow(shape, row);
  const place = {
    left: `${(100 * j) / shape.w}%`,
    top: `${(100 * i) / shape.h}%`,
    width: `${100 / shape.w}%`,
    height: `${100 / shape.h}%`,
  };
  return (
    <div className="touch-side">
      <p data-testid="touch-says">{`Row ${row} writes channel ${o} at (${i}, ${j}), the marked place. Its ${picture.columns} weights, folded back, are a map of each channel it reads:`}</p>
      <div className="touch-maps">
        {maps.map((map, c) => (
          <div key={c} className="touch-map">
            <HeatMap picture={map} range={range} label={`What row ${row} reads of channel ${c}`} size={140} tabled={false} />
            <span className="touch-place" style={place} />
          </div>
        ))}
      </div>
      {maps.map((map, c) => (
        <CellTable
          key={c}
          what={`What the row reads of channel ${c}`}
          rows={shape.h}
          columns={shape.w}
          values={map.data}
          names={placeAxes(shape.h, shape.w)}
        />
      ))}
      <ScaleBar range={range} />
      <p className="faint">
        Fully connected, a row may look anywhere. What the convolutions add is the same small pattern in every row, moved along with its
        place, and zero elsewhere: a sparse matrix.
      </p>
    </div>
  );
}
