// Energy by displacement and by position as pictures; pictures that are compared share one scale.
import { largestOf } from '@shared/base/extremes';
import { useMemo } from 'react';
import type { MatrixCell } from '@shared/matrix/geometry';
import type { PositionMaps } from '@shared/pattern/position';
import type { AnalysedBlock } from '../pattern';
import { measured } from '../../../ui/format';
import { displacementAxes, HeatMap, placeAxes, ScaleBar, type Picture } from '../../../ui/HeatMap';
import { FigureButton } from '../FigureButton';
import { cellAt, cellOfDisplacement, showCell } from '../../matrix';
import { displacementPicture, finiteRange, MAP_SIZE, PART_TEXT, pictureOf } from '../picture';

const PARTS = ['before', 'added', 'after'] as const;

interface Props {
  readonly pattern: AnalysedBlock;
  /** Output channel (share-set) whose cells the pictures lead to. */
  readonly output: number;
}

/** Energy by displacement (dy, dx), per weight and relative to the mean, on a log scale; zero displacement is in the middle. */
export function DisplacementMaps({ pattern, output }: Props) {
  const pictures = useMemo(() => PARTS.map((part) => ({ part, picture: displacementPicture(pattern, part) })), [pattern]);
  const range = finiteRange(pictures.map(({ picture }) => picture));
  const { path, shape } = pattern;
  return (
    <div className="map-figure" data-testid="displacement-maps">
      <div className="row">
        <ScaleBar range={range} scale="viridis" text={(power) => measured(10 ** power)} />
      </div>
      <div className="arrays maps">
        {pictures.map(({ part, picture }) => (
          <HeatMap
            key={part}
            picture={picture}
            range={range}
            scale="viridis"
            label={`Energy by displacement, ${part}`}
            size={MAP_SIZE}
            axes={displacementAxes(shape.h, shape.w)}
            onCell={(y, x) => showCell(path, shape, cellOfDisplacement(shape, output, y - shape.h + 1, x - shape.w + 1))}
          >
            {PART_TEXT[part]}
          </HeatMap>
        ))}
      </div>
    </div>
  );
}

export interface BothPositions {
  readonly before: PositionMaps;
  readonly after: PositionMaps;
}

interface PositionPicture {
  readonly label: string;
  readonly picture: Picture;
  readonly border: number | null;
  readonly cell: (y: number, x: number) => MatrixCell;
}

/** Where the layer writes and where it looks. */
export function PositionMapsRow({
  pattern,
  positions,
  output,
  group,
}: Props & { readonly positions: BothPositions; readonly group: number | null }) {
  const { path, shape } = pattern;
  const pictures = useMemo(() => positionPictures(positions, shape, output), [positions, shape, output]);
  const range = [0, largestOf(pictures.flatMap(({ picture }) => [...picture.data]))] as const;
  return (
    <div className="map-figure" data-testid="position-maps">
      <div className="row">
        <ScaleBar range={range} scale="viridis" />
        <FigureButton kind="position-maps" change={{ group }} />
      </div>
      <div className="arrays maps">
        {pictures.map(({ label, picture, border, cell }) => (
          <HeatMap
            key={label}
            picture={picture}
            range={range}
            scale="viridis"
            label={`Energy by ${label}`}
            size={MAP_SIZE}
            axes={placeAxes(shape.h, shape.w)}
            onCell={(y, x) => showCell(path, shape, cell(y, x))}
          >
            {label}
            {border !== null && <small>{`border ${measured(border)} of inside`}</small>}
          </HeatMap>
        ))}
      </div>
    </div>
  );
}

function positionPictures(positions: BothPositions, shape: AnalysedBlock['shape'], o: number): PositionPicture[] {
  const { h, w } = shape;
  // The cell that connects a position with itself.
  const cell = (y: number, x: number): MatrixCell => cellAt(shape, [o, y, x], [0, y, x]);
  return (['before', 'after'] as const).flatMap((part): PositionPicture[] => {
    const { output, input, outputBorder, inputBorder } = positions[part];
    return [
      { label: `input, ${part}`, picture: pictureOf(input, h, w), border: inputBorder, cell },
      { label: `output, ${part}`, picture: pictureOf(output, h, w), border: outputBorder, cell },
    ];
  });
}
