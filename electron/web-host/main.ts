// `npm run web`: starts the browser host, opens it in the default browser where there is a display,
// prints its address and serves until interrupted. Pressing Enter prints an address for another browser.
import { parseArgs } from 'node:util';
import { createInterface } from 'node:readline';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import open from 'open';
import { UserError } from '@shared/base/user-error';
import type { EnginePolicy } from '../app/engines';
import { nextEndingSignal, outliveTerminal } from '../files/ending-signals';
import { ownTag } from '../files/process-identity';
import { redirectFolders, removeAbandonedPages, writeRedirectFile } from './redirect-file';
import { startWebHost } from './start';
import type { WebHost } from './web-host';

const known = {
  port: { type: 'string', default: '0' },
  runs: { type: 'string', default: 'runs' },
  engine: { type: 'string', default: 'auto' },
  'no-browser': { type: 'boolean', default: false },
} as const;

try {
  await main();
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

async function main(): Promise<void> {
  const { port, runs, engine, browser } = options();
  const host = await startWebHost({ port, runsFolder: runs, enginePolicy: engine });
  console.log(`RepMLP Studio is at ${host.url}`);
  if (browser && hasDisplay()) await openBrowser(host);
  if (process.stdin.isTTY) {
    createInterface(process.stdin).on('line', () => console.log(`For another browser: ${host.newUrl()}`));
  }
  outliveTerminal();
  void nextEndingSignal()
    .then(() => host.close())
    .then(() => process.exit(0));
}

/** Opens the studio in the default browser; where there is none, says so and goes on serving. */
async function openBrowser(host: WebHost): Promise<void> {
  const folders = redirectFolders(dirname(fileURLToPath(import.meta.url)));
  await removeAbandonedPages(folders);
  const owner = await ownTag();
  const failed = (): void => console.error('No browser could be opened here; open the address above in one.');
  try {
    // The opener is told of a file and not of the address: its arguments are seen by every user of the machine.
    const page = writeRedirectFile(
      host.newUrl(() => page.remove()),
      folders,
      owner,
    );
    process.once('exit', page.remove);
    // Only with `wait` does a missing opener reject instead of ending the program.
    open(page.path, { wait: true }).catch(() => {
      page.remove();
      failed();
    });
  } catch {
    failed();
  }
}

function options(): { port: number; runs: string; engine: EnginePolicy; browser: boolean } {
  const { port, runs, engine, 'no-browser': noBrowser } = readArguments();
  if (!/^\d+$/.test(port)) throw new UserError(`expected a port number after --port, got ${port}`);
  if (engine !== 'auto' && engine !== 'window') throw new UserError(`expected auto or window after --engine, got ${engine}`);
  return { port: Number(port), runs, engine, browser: !noBrowser };
}

function readArguments() {
  try {
    return parseArgs({ options: known }).values;
  } catch (error) {
    throw new UserError(
      `${(error as Error).message.split('\n')[0]}; expected --port N, --runs FOLDER, --engine auto|window or --no-browser`,
    );
  }
}

function hasDisplay(): boolean {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
}
