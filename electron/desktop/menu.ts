// The application menu: the system's own roles, and our commands, which the window runs by id.
import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import { commandMenus, type MenuCommand } from './commands';

/** Builds the menu; `run` is called with a command's id. */
export function setUpMenu(run: (id: string) => void): void {
  const own = Object.entries(commandMenus).map(([label, commands]) => ({ label, submenu: commands.map((command) => item(command, run)) }));
  const first: MenuItemConstructorOptions[] =
    process.platform === 'darwin' ? [{ role: 'appMenu' }] : [{ label: 'File', submenu: [{ role: 'quit' }] }];
  const rest: MenuItemConstructorOptions[] = [{ role: 'editMenu' }, { role: 'viewMenu' }, { role: 'windowMenu' }];
  app.setAboutPanelOptions({ applicationName: 'RepMLP Studio', applicationVersion: app.getVersion() });
  Menu.setApplicationMenu(Menu.buildFromTemplate([...first, ...own, ...rest]));
}

/** The window listens for the keys itself; the menu only shows them. */
function item(command: MenuCommand | null, run: (id: string) => void): MenuItemConstructorOptions {
  if (command === null) return { type: 'separator' };
  const { id, label, accelerator } = command;
  return { id, label, accelerator, registerAccelerator: false, click: () => run(id) };
}
