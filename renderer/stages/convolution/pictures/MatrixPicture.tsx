// The matrix in the middle, with the picture as a line of numbers above it and the output as a column beside it: each row times the
// line is one number of the column.
import { useMemo } from 'react';
import { WHITE } from '@shared/matrix/convolution-scene';
import type { Marks } from '@shared/merge/convolution/positions';
import type { SceneModel } from '@shared/merge/convolution/scene-model';
import { endOf, moveInMatrix, pressOnMatrix } from '../moves';
import { follow } from '../scene';
import { GridPicture } from './GridPicture';
import { BlockLines, Box, Cells } from './marks';
import { greys, largestOf, useSignedPaint } from './paints';

interface MatrixPictureProps {
  readonly model: SceneModel;
  readonly marks: Marks;
  /** Largest magnitude of all that shares its scale. */
  readonly limit: number;
}

export function MatrixPicture({ model, marks, limit }: MatrixPictureProps) {
  const { sizes, shown } = model;
  const { rows, columns } = sizes;
  const grid = useMemo(() => ({ rows, columns, values: shown.matrix }), [rows, columns, shown.matrix]);
  const colour = useSignedPaint(limit);
  const pale = useMemo(() => {
    if (model.scene.follow.kind !== 'weight') return undefined;
    const marked = new Set(marks.cells);
    return (at: number): boolean => !marked.has(at);
  }, [model.scene.follow.kind, marks.cells]);
  return (
    <div className="matrix-with-vectors" style={{ '--across': columns, '--down': rows } as Record<string, number>}>
      <InputLine model={model} marks={marks} />
      <GridPicture
        grid={grid}
        paint={colour}
        pale={pale}
        label={`Matrix: ${rows} rows, one an output; ${columns} columns, one a pixel`}
        describedBy="how-to-move"
        testId="convolution-matrix"
        onPress={(row, column) => follow(pressOnMatrix(model, row, column))}
        onArrow={(down, across) => follow(moveInMatrix(model, down, across))}
        onEnd={(last) => follow(endOf(model, last))}
      >
        <BlockLines rows={rows} columns={columns} down={sizes.Wo} across={sizes.w} />
        <BlockLines rows={rows} columns={columns} down={sizes.Ho * sizes.Wo} across={sizes.h * sizes.w} strong />
        {marks.rows.map((row) => (
          <Box key={`row ${row}`} x={0} y={row} width={columns} height={1} faint={marks.columns.length > 0} />
        ))}
        {marks.columns.map((column) => (
          <Box key={`column ${column}`} x={column} y={0} width={1} height={rows} faint={marks.rows.length > 0} />
        ))}
        <Cells cells={marks.cells} columns={columns} />
      </GridPicture>
      <OutputLine model={model} marks={marks} />
    </div>
  );
}

/** The input as the line of numbers that every row is multiplied with. */
function InputLine({ model: { sizes, picture }, marks }: Pick<MatrixPictureProps, 'model' | 'marks'>) {
  const grid = useMemo(() => ({ rows: 1, columns: sizes.columns, values: picture }), [sizes.columns, picture]);
  const signed = useSignedPaint(largestOf(picture));
  const brightest = Math.max(WHITE, largestOf(picture));
  const grey = useMemo(() => greys(brightest), [brightest]);
  const cells = marks.pixels.map(({ c, a, b }) => (c * sizes.h + a) * sizes.w + b);
  return (
    <div className="input-line" aria-hidden="true">
      <GridPicture
        grid={grid}
        paint={picture.some((value) => value < 0) ? signed : grey}
        label="Input, pixel by pixel"
        tabled={false}
        testId="convolution-input-line"
      >
        <Cells cells={cells} columns={sizes.columns} />
      </GridPicture>
    </div>
  );
}

/** The output as the column of numbers that the rows give. */
function OutputLine({ model: { sizes, output }, marks }: Pick<MatrixPictureProps, 'model' | 'marks'>) {
  const grid = useMemo(() => ({ rows: sizes.rows, columns: 1, values: output }), [sizes.rows, output]);
  const colour = useSignedPaint(largestOf(output));
  const cells = marks.outputs.map(({ o, i, j }) => (o * sizes.Ho + i) * sizes.Wo + j);
  return (
    <div className="output-line" aria-hidden="true">
      <GridPicture grid={grid} paint={colour} label="Output, row by row" testId="convolution-output-line" tabled={false}>
        <Cells cells={cells} columns={1} />
      </GridPicture>
    </div>
  );
}
