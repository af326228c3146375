// The desktop app, as a list of setup calls; what each does stands in desktop/.
import { app, shell } from 'electron';
import { join } from 'node:path';
import { createService, type Service } from './app/service';
import { createSite } from './app/site';
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
const service = createService({
  host: { kind: 'desktop', chooseFile, trash: (path) => shell.trashItem(path) },
  runsFolder: join(app.getPath('documents'), 'RepMLP Studio', 'runs'),
  enginePolicy: 'window',
});
const say = (message: string): void => service.tell({ type: 'notice', message });
const showWindow = (): void => void app.whenReady().then(() => showStudio(() => endWhenIdle(service, isStudioOpen), say));

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
