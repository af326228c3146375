// The figure for every block of its checkpoint, as one archive: its making is seen, and can be ended.
import { useState } from 'react';
import { useStore } from 'zustand';
import { isOfBlock } from '@shared/figure/of-block';
import { FIGURE_FORMATS, type FigureFormat } from '@shared/figure/recipe';
import { Choice } from '../../../ui/controls';
import { Panel } from '../../../studio/Stage';
import { StartOrStop } from '../../../studio/StartOrStop';
import { connection } from '../../../studio/studio';
import { figure } from '../figure';
import { batch, cancelBatch, makeBatch } from './film';
import { MakingState } from './MakingState';

const NAMES: Readonly<Record<FigureFormat, string>> = { svg: 'SVG', pdf: 'PDF', png: 'PNG', pgf: 'LaTeX' };

export function BatchPanel() {
  const { recipe, problem: undrawn, strip } = useStore(figure);
  const making = useStore(batch);
  const connected = useStore(connection, ({ client }) => client !== null);
  const [format, choose] = useState<FigureFormat>('pdf');
  if (!isOfBlock(recipe)) return null;
  const tools = (
    <StartOrStop
      busy={making.busy !== null}
      label="Save for all blocks"
      testId="batch-make"
      disabled={!connected || undrawn !== null}
      onStart={() => makeBatch(recipe, format, strip)}
      onStop={cancelBatch}
      stopLabel="Cancel"
      stopTestId="batch-cancel"
    />
  );
  return (
    <Panel title="All blocks" says="this figure for every block of the checkpoint, one archive" tools={tools} testId="batch">
      <Choice
        label="Saved as"
        value={format}
        options={FIGURE_FORMATS.map((one) => [one, NAMES[one]] as const)}
        testId="batch-format"
        onChange={choose}
      />
      <MakingState making={making} name="Figures of all blocks" testId="batch" />
    </Panel>
  );
}
