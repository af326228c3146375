// Commands of the model stage.
import { pickFile } from '../../studio/files';
import { model, takeDescription } from './model';
import { download } from '../../ui/download';
import { commandsOf } from '../../studio/command';

export const modelCommands = commandsOf('model', {
  'load-network': {
    run: async () => {
      const file = await pickFile('.json');
      if (file) takeDescription(await file.text(), file.name);
    },
  },
  'save-network': {
    when: () => model.getState().spec !== null,
    run: () => {
      const { spec } = model.getState();
      if (spec) download(`${spec.name}.json`, new Blob([`${JSON.stringify(spec, null, 2)}\n`], { type: 'application/json' }));
    },
  },
});
