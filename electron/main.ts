// The desktop app, as a list of setup calls; what each does stands in window/.
import { app } from 'electron';
import { join } from 'node:path';
import { createService, type Service } from './service/service';
import { createSite } from './service/site';
import { connectWindows } from './window/connect';
import { chooseFile } from './window/dialogs';
import { closeBeforeQuit, endWhenIdle } from './window/lifetime';
import { setUpMenu } from './window/menu';
import { becomeOnlyInstance } from './window/opened-files';
import { registerScheme, serveScheme } from './window/scheme';
import { denyPermissions, guardWindows } from './window/security';
import { isStudioOpen, showStudio, startComputeWindow } from './window/windows';

guardWindows();
registerScheme();
const service = createService({
  host: { kind: 'desktop', chooseFile },
  runsFolder: join(app.getPath('documents'), 'RepMLP Studio', 'runs'),
  enginePolicy: 'window',
});
const showWindow = (): void => void app.whenReady().then(() => showStudio(() => endWhenIdle(service, isStudioOpen)));

if (becomeOnlyInstance((path) => service.tell({ type: 'openFile', path }), showWindow)) void app.whenReady().then(() => start(service));
else app.quit();

function start(service: Service): void {
  denyPermissions();
  serveScheme(createSite(join(__dirname, 'renderer'), service));
  connectWindows(service);
  setUpMenu((id) => service.tell({ type: 'command', id }));
  closeBeforeQuit(service);
  startComputeWindow();
  showWindow();
  app.on('activate', showWindow);
}
