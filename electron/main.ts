// The desktop app, as a list of setup calls; what each does stands in desktop/.
import { app, shell } from 'electron';
import { join } from 'node:path';
import { createService, type Service } from './app/service';
import { SettingsStore } from './app/settings/settings-store';
import { createSite } from './app/site';
import { announce } from './desktop/announce';
import { connectWindows } from './desktop/connect';
import { chooseFile } from './desktop/dialogs';
import { allowGraphicsAgain, sayEndedProcesses } from './desktop/graphics';
import { closeBeforeQuit, endWhenIdle } from './desktop/lifetime';
import { setUpMenu } from './desktop/menu';
import { becomeOnlyInstance } from './desktop/opened-files';
import { registerScheme, serveScheme } from './desktop/scheme';
import { denyPermissions, guardWindows } from './desktop/security';
import { isStudioOpen, showStudio, startComputeWindow } from './desktop/windows';

guardWindows();
allowGraphicsAgain();
registerScheme();
const settings = new SettingsStore(join(app.getPath('userData'), 'settings.json'), true);
const service = createService({
  host: {
    kind: 'desktop',
    chooseFile,
    trash: (path) => shell.trashItem(path),
    announce: (title, text) => announce(title, text, showWindow),
  },
  runsFolder: settings.settings.runsFolder ?? join(app.getPath('documents'), 'RepMLP Studio', 'runs'),
  settings,
  enginePolicy: 'window',
});
const say = (message: string): void => service.tell({ type: 'notice', message });
const showWindow = (): void => void app.whenReady().then(() => showStudio(windowClosed, say));
const windowClosed = (): void => {
  if (service.isTraining()) announce('A training goes on', 'Start RepMLP Studio again to see it; it ends by itself.', showWindow);
  endWhenIdle(service, isStudioOpen);
};

if (becomeOnlyInstance((path) => service.tell({ type: 'openFile', path }), showWindow)) void app.whenReady().then(() => start(service));
else app.quit();

function start(service: Service): void {
  denyPermissions();
  serveScheme(createSite(join(__dirname, 'renderer'), service));
  connectWindows(service);
  setUpMenu((id) => service.tell({ type: 'command', id }));
  closeBeforeQuit(service);
  sayEndedProcesses(say);
  startComputeWindow(say);
  showWindow();
  app.on('activate', showWindow);
}
