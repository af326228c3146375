// The application menu: the system's own roles, and a menu for each group of the window's commands that has some in
// it. Labels and keys are those of the commands' records; the window runs the commands by id.
import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import { allCommandRecords, type CommandRecord } from '@shared/link/commands';

/** What the system's own menus have besides; undo and redo are the window's, which knows whether a text field has the focus. */
const ROLES: Readonly<Record<string, readonly MenuItemConstructorOptions[]>> = {
  Edit: [{ type: 'separator' }, { role: 'cut' }, { role: 'copy' }, { role: 'paste' }, { role: 'selectAll' }],
};

/** Builds the menu; `run` is called with a command's id. */
export function setUpMenu(run: (id: string) => void): void {
  const inMenu = allCommandRecords.filter((record) => record.inMenu);
  const groups = [...new Set(inMenu.map(({ group }) => group))];
  const own = groups.map((label) => ({
    label,
    submenu: [...inMenu.filter(({ group }) => group === label).map((record) => item(record, run)), ...(ROLES[label] ?? [])],
  }));
  const first: MenuItemConstructorOptions[] =
    process.platform === 'darwin' ? [{ role: 'appMenu' }] : [{ label: 'File', submenu: [{ role: 'quit' }] }];
  const rest: MenuItemConstructorOptions[] = [{ role: 'viewMenu' }, { role: 'windowMenu' }];
  app.setAboutPanelOptions({ applicationName: 'RepMLP Studio', applicationVersion: app.getVersion() });
  Menu.setApplicationMenu(Menu.buildFromTemplate([...first, ...own, ...rest]));
}

/** The window listens for the keys itself; the menu only shows them. */
function item({ id, label, keys }: CommandRecord, run: (id: string) => void): MenuItemConstructorOptions {
  return { id, label, accelerator: keys && acceleratorOf(keys), registerAccelerator: false, click: () => run(id) };
}

/** `Mod` and the arrows have other names in Electron. */
function acceleratorOf(keys: string): string {
  return keys.replace('Mod', 'CmdOrCtrl').replace('Arrow', '');
}
