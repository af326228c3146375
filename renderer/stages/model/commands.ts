// Commands of the model stage.
import { pickFile } from '../../studio/files';
import { network, takeDescription } from '../../studio/network/network';
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
    when: () => network.getState().spec !== null,
    run: () => {
      const { spec } = network.getState();
      if (spec) download(`${spec.name}.json`, new Blob([`${JSON.stringify(spec, null, 2)}\n`], { type: 'application/json' }));
    },
  },
});
