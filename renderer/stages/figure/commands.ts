// Commands of the export stage.
import type { FigureFormat } from '@shared/figure/encode/encode';
import { figure, renderFigure } from './figure';
import { navigation } from '../../studio/navigation';
import { connection } from '../../studio/studio';
import { download } from '../../ui/download';
import type { Command } from '../../studio/command';

const canDraw = (): boolean => connection.getState().client !== null && navigation.getState().stage === 'figure';

const saveAs = (id: string, format: FigureFormat, keys?: string): Command => ({
  id,
  label: `Save figure as ${format.toUpperCase()}`,
  group: 'Export',
  keys,
  when: canDraw,
  run: async () => {
    const { fileName, content } = await renderFigure(format);
    download(fileName, content);
  },
});

export const figureCommands: readonly Command[] = [
  saveAs('save-figure', 'svg', 'Mod+S'),
  saveAs('save-figure-png', 'png'),
  saveAs('save-figure-pdf', 'pdf'),
  {
    id: 'save-recipe',
    label: 'Save the recipe of the figure',
    group: 'Export',
    when: () => navigation.getState().stage === 'figure',
    run: () => {
      const { recipe } = figure.getState();
      download(`${recipe.kind}.recipe.json`, new Blob([`${JSON.stringify(recipe, null, 2)}\n`], { type: 'application/json' }));
    },
  },
];
