// Files the system asks us to open: by double-click (macOS sends an event, elsewhere they are arguments),
// or given to a second start, which hands them to the first and ends.
import { app } from 'electron';
import { existsSync } from 'node:fs';
import { extname, resolve } from 'node:path';

const endings = new Set(['.pth', '.pt', '.tar', '.ckpt', '.bin', '.safetensors', '.npz', '.npy']);

/** The weights files among command-line arguments. */
export function filesIn(args: readonly string[], folder: string): string[] {
  return args
    .filter((arg) => endings.has(extname(arg).toLowerCase()))
    .map((arg) => resolve(folder, arg))
    .filter((path) => existsSync(path));
}

/** Makes this the only instance; false if there is one already, which then was told. */
export function becomeOnlyInstance(onFile: (path: string) => void, onSecondStart: () => void): boolean {
  if (!app.requestSingleInstanceLock()) return false;
  app.on('open-file', (event, path) => {
    event.preventDefault();
    onFile(path);
  });
  app.on('second-instance', (_event, args, folder) => {
    filesIn(args.slice(1), folder).forEach(onFile);
    onSecondStart();
  });
  filesIn(process.argv.slice(1), process.cwd()).forEach(onFile);
  return true;
}
