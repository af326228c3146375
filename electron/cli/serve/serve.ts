// repmlp serve: the studio in a browser, on loopback only. Made for a remote GPU box behind an SSH tunnel.
import { resolve } from 'node:path';
import { nextEndingSignal } from '../../files/ending-signals';
import { startWebHost } from '../../web-host/start';
import { print, wholeNumber, type Verb } from '../verb';

export const serveVerb: Verb = (program) => {
  program
    .command('serve')
    .description('serve the studio to a browser on this machine')
    .option('--port <n>', 'port on 127.0.0.1; a free one when not given', '0')
    .option('--runs <folder>', 'folder of the runs', 'runs')
    .action(async ({ port, runs }: { port: string; runs: string }) => {
      const host = await startWebHost({ port: wholeNumber('--port', port, 0), runsFolder: resolve(runs) });
      print(`RepMLP Studio: ${host.url}`, 'Ctrl-C ends it.');
      await nextEndingSignal();
      await host.close();
    });
};
