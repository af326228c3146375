// The input on the left: a picture a channel, with the zeros around it, the window over it, and what is marked.
import { useMemo } from 'react';
import { WHITE } from '@shared/matrix/convolution-scene';
import type { Marks } from '@shared/merge/convolution/positions';
import type { SceneModel } from '@shared/merge/convolution/scene-model';
import { endOf, moveInPicture, pressOnInput } from '../moves';
import { follow, paint, shown, type Tool } from '../scene';
import type { Grid, Paint } from './grid';
import { GridPicture } from './GridPicture';
import { Box, Cells } from './marks';
import { greys, largestOf, useSignedPaint } from './paints';

interface InputPicturesProps {
  readonly model: SceneModel;
  readonly marks: Marks;
  readonly tool: Tool;
}

export function InputPictures({ model, marks, tool }: InputPicturesProps) {
  const { sizes, picture } = model;
  const grids = useMemo(() => channelsOf(picture, sizes.C, sizes.h, sizes.w), [picture, sizes.C, sizes.h, sizes.w]);
  const signed = useSignedPaint(largestOf(picture));
  const isSigned = picture.some((value) => value < 0);
  const brightest = Math.max(WHITE, largestOf(picture));
  const grey = useMemo(() => greys(brightest), [brightest]);
  return (
    <div className={`channel-pictures of-${sizes.C}`}>
      {grids.map((grid, c) => (
        <InputChannel key={c} c={c} grid={grid} paint={isSigned ? signed : grey} model={model} marks={marks} tool={tool} />
      ))}
    </div>
  );
}

/** An array (channels, rows, columns) as one grid a channel. */
export function channelsOf(values: Float64Array, channels: number, rows: number, columns: number): Grid[] {
  const area = rows * columns;
  return Array.from({ length: channels }, (_, c) => ({ rows, columns, values: values.subarray(c * area, (c + 1) * area) }));
}

interface InputChannelProps extends InputPicturesProps {
  readonly c: number;
  readonly grid: Grid;
  readonly paint: Paint;
}

function InputChannel({ c, grid, paint: colour, model, marks, tool }: InputChannelProps) {
  const { sizes } = model;
  const pixels = marks.pixels.filter((pixel) => pixel.c === c).map(({ a, b }) => a * sizes.w + b);
  const windows = marks.windows.filter((window) => window.c === c);
  const name = sizes.C > 1 ? `Input, channel ${c}` : 'Input';
  return (
    <figure className="channel-picture">
      <GridPicture
        grid={grid}
        paint={colour}
        margin={sizes.pad}
        label={`${name}: ${sizes.h} rows, ${sizes.w} columns`}
        describedBy={tool === 'paint' ? 'how-to-paint' : 'how-to-move'}
        testId={`convolution-input-${c}`}
        onPress={(a, b) => press(model, tool, c, a, b)}
        onArrow={(down, across) => follow(moveInPicture(model, 'input', down, across))}
        onEnd={(last) => follow(endOf(model, last))}
        onKey={(key) => tool === 'paint' && paintByKey(model, key)}
      >
        {windows.length === 0 && <Cells cells={pixels} columns={sizes.w} />}
        {windows.map(({ top, left, size }) => (
          <Box key={`${top} ${left}`} x={left} y={top} width={size} height={size} />
        ))}
        {windows.length > 0 && model.scene.follow.kind === 'cell' && <Cells cells={pixels} columns={sizes.w} />}
      </GridPicture>
      {sizes.C > 1 && <figcaption>{`channel ${c}`}</figcaption>}
    </figure>
  );
}

function press(model: SceneModel, tool: Tool, c: number, a: number, b: number): void {
  const { h, w } = model.sizes;
  const inside = a >= 0 && a < h && b >= 0 && b < w;
  follow(pressOnInput(model, c, a, b));
  if (tool === 'paint' && inside) paint((c * h + a) * w + b);
}

/** Enter and Space paint the followed pixel; a digit chooses its value and paints it. */
function paintByKey(model: SceneModel, key: string): boolean {
  const { follow: pixel } = model.scene;
  const isDigit = /^\d$/.test(key);
  if (pixel.kind !== 'pixel' || !(isDigit || key === 'Enter' || key === ' ')) return false;
  if (isDigit) shown.setState({ ink: Number(key) });
  paint((pixel.c * model.sizes.h + pixel.a) * model.sizes.w + pixel.b);
  return true;
}
