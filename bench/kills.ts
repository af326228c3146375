// Kills at random moments: `kills [--count 1000] [--only SCENE,...] [--seed N]` kills the command line, its threads, the browser
// host with its trainings, and the windows, pages and GPU process of a browser, and looks each time at what is left. Exit code 1
// if anything of the user's was lost or changed, a run ended with other bytes, or a temporary file outlived the next start. Ctrl-C
// ends it after the kill under way, with the report so far.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { UserError } from '../src-shared/base/user-error';
import { randomFrom, seed } from '../src-shared/tensor/random';
import { Ledger } from './kills/ledger';
import { SCENES } from './kills/scenes';

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { count: { type: 'string', default: '1000' }, only: { type: 'string' }, seed: { type: 'string', default: '1' } },
  });
  const names = values.only?.split(',') ?? Object.keys(SCENES);
  const unknown = names.find((name) => !(name in SCENES));
  if (unknown !== undefined) throw new UserError(`expected scenes of ${Object.keys(SCENES).join(', ')}, got ${unknown}`);
  const ledger = await killMany(names, Number(values.count), Number(values.seed));
  console.log(ledger.text());
  process.exitCode = ledger.lost.length === 0 ? 0 : 1;
}

/** How often is told how far it is. */
const KILLS_PER_LINE = 10;

/** Kills so often, each scene by its share. */
export async function killMany(names: readonly string[], count: number, start: number): Promise<Ledger> {
  const ledger = new Ledger();
  const stop = { asked: false };
  const asked = (): void => void (stop.asked = true);
  process.on('SIGINT', asked);
  const base = await mkdtemp(join(tmpdir(), 'repmlp-kills-'));
  const shares = names.reduce((sum, name) => sum + SCENES[name].share, 0);
  try {
    for (const [index, name] of names.entries()) {
      const wanted = ledger.count + Math.max(1, Math.round((count * SCENES[name].share) / shares));
      const scene = await SCENES[name].open(ledger, randomFrom(seed(start * 100 + index)), base);
      for (let told = 0; ledger.count < wanted && !stop.asked; ) {
        await scene.kill();
        if (ledger.count < told + KILLS_PER_LINE) continue;
        told = ledger.count;
        console.error(`${name}: ${told} of ${count} kills, ${ledger.lost.length} problems`);
      }
      await scene.close();
    }
  } finally {
    process.removeListener('SIGINT', asked);
    if (ledger.lost.length === 0) await rm(base, { recursive: true, force: true });
  }
  return ledger;
}
