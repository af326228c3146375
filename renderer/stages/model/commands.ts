// Commands of the model stage.
import { pickFile } from '../../studio/files';
import { model, takeDescription } from './model';
import { download } from '../../ui/download';
import type { Command } from '../../studio/command';

export const modelCommands: readonly Command[] = [
  {
    id: 'load-network',
    label: 'Load a network described in JSON',
    group: 'Model',
    run: async () => {
      const file = await pickFile('.json');
      if (file) takeDescription(await file.text(), file.name);
    },
  },
  {
    id: 'save-network',
    label: 'Save the description of the network',
    group: 'Model',
    when: () => model.getState().spec !== null,
    run: () => {
      const { spec } = model.getState();
      if (spec) download(`${spec.name}.json`, new Blob([`${JSON.stringify(spec, null, 2)}\n`], { type: 'application/json' }));
    },
  },
];
