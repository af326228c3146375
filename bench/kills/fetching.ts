// `repmlp fetch` killed at any moment, from a server on this machine. Invariant: a file that has its own name is whole; what has
// arrived is gone on with; what the user has in the folder stays.
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Random } from '../../src-shared/tensor/random';
import { startDataServer } from '../../tests/data-server';
import { emptyFolder } from './files';
import { filesIn, unfinished } from './folder';
import type { Ledger } from './ledger';
import { anyMoment, oneOf, runCommand, SIGNALS } from './process';
import type { Scene } from './scene';

export async function openFetchScene(ledger: Ledger, random: Random, base: string): Promise<Scene> {
  const server = await startDataServer();
  const folder = await emptyFolder(base, 'fetch');
  const variables = { REPMLP_DATASETS: server.list };
  const command = ['fetch', 'digits', folder];
  const whole = await runCommand(command, undefined, variables);
  if (whole.code !== 0) throw new Error(`fetch does not work where nothing kills it: ${whole.said}`);
  const expected = await filesIn(folder);
  const empty = async (): Promise<void> => {
    for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
    await writeFile(join(folder, 'notes.txt'), 'notes');
  };
  const check = async (isDone: boolean): Promise<void> => {
    const now = await filesIn(folder);
    for (const [name, sum] of expected) {
      if (now.has(name) && now.get(name) !== sum) ledger.wrong('fetch', `${name} is there and not whole`);
      if (isDone && !now.has(name)) ledger.wrong('fetch', `${name} is missing in the end`);
    }
    if (!now.has('notes.txt')) ledger.wrong('fetch', 'notes.txt is gone');
    if (!isDone) return;
    const left = unfinished(now.keys());
    if (left.length > 0) ledger.wrong('fetch', `left after the next start: ${left.join(', ')}`);
    else ledger.proved('fetch: the whole data set on the next start, and nothing left over');
  };
  const finish = async (): Promise<void> => {
    const { code, said } = await runCommand(command, undefined, variables);
    if (code !== 0) ledger.wrong('fetch', `does not work after kills: ${said}`);
    await check(true);
    await empty();
  };
  await empty();
  let count = 0;
  return {
    kill: async () => {
      const { wasLate } = await runCommand(
        command,
        { moment: anyMoment(random, whole.milliseconds, folder), signal: oneOf(SIGNALS, random) },
        variables,
      );
      ledger.killed('fetch', wasLate);
      await check(false);
      if (++count % 5 === 0) await finish();
    },
    close: async () => {
      await finish();
      await server.stop();
    },
  };
}
