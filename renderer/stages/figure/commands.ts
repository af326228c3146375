// Commands of the export stage.
import type { FigureFormat } from '@shared/figure/recipe';
import { figure, renderFigure } from './figure';
import { refusedOn } from '../../studio/drafts';
import { navigation } from '../../studio/navigation';
import { connection, studio } from '../../studio/studio';
import { download, downloadFrom } from '../../ui/download';
import { commandsOf, type Deed } from '../../studio/command';

const shown = (): boolean => navigation.getState().stage === 'figure';

const saveAs = (format: FigureFormat): Deed => ({
  when: () => connection.getState().client !== null && shown(),
  waits: () => refusedOn('figure'),
  run: async () => {
    const { fileName, content } = await renderFigure(format);
    download(fileName, content);
  },
});

export const figureCommands = commandsOf('figure', {
  'save-figure': saveAs('svg'),
  'save-figure-png': saveAs('png'),
  'save-figure-pdf': saveAs('pdf'),
  'save-figure-pgf': saveAs('pgf'),
  'save-figure-data': {
    ...saveAs('svg'),
    run: async () => {
      const { url, fileName } = await studio().figure.data({ recipe: figure.getState().recipe });
      downloadFrom(url, fileName);
    },
  },
  'save-recipe': {
    when: shown,
    waits: () => refusedOn('figure'),
    run: () => {
      const { recipe } = figure.getState();
      download(`${recipe.kind}.recipe.json`, new Blob([`${JSON.stringify(recipe, null, 2)}\n`], { type: 'application/json' }));
    },
  },
});
