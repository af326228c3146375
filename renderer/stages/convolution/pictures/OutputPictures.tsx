// The output on the right: a picture a channel, on one scale around zero.
import { useMemo } from 'react';
import type { Marks } from '@shared/merge/convolution/positions';
import type { SceneModel } from '@shared/merge/convolution/scene-model';
import { endOf, moveInPicture, pressOnOutput } from '../moves';
import { follow } from '../scene';
import { GridPicture } from './GridPicture';
import { channelsOf } from './InputPictures';
import { Box, Cells } from './marks';
import { largestOf, useSignedPaint } from './paints';

export function OutputPictures({ model, marks }: { readonly model: SceneModel; readonly marks: Marks }) {
  const { sizes, output } = model;
  const { O, Ho, Wo } = sizes;
  const grids = useMemo(() => channelsOf(output, O, Ho, Wo), [output, O, Ho, Wo]);
  const colour = useSignedPaint(largestOf(output));
  return (
    <div className={`channel-pictures of-${O}`}>
      {grids.map((grid, o) => {
        const outputs = marks.outputs.filter((one) => one.o === o);
        return (
          <figure key={o} className="channel-picture">
            <GridPicture
              grid={grid}
              paint={colour}
              label={`${O > 1 ? `Output, channel ${o}` : 'Output'}: ${Ho} rows, ${Wo} columns`}
              describedBy="how-to-move"
              testId={`convolution-output-${o}`}
              onPress={(i, j) => follow(pressOnOutput(model, { o, i, j }))}
              onArrow={(down, across) => follow(moveInPicture(model, 'output', down, across))}
              onEnd={(last) => follow(endOf(model, last))}
            >
              {outputs.length === 1 ? (
                <Box x={outputs[0].j} y={outputs[0].i} width={1} height={1} />
              ) : (
                <Cells cells={outputs.map(({ i, j }) => i * Wo + j)} columns={Wo} />
              )}
            </GridPicture>
            {O > 1 && <figcaption>{`channel ${o}`}</figcaption>}
          </figure>
        );
      })}
    </div>
  );
}
