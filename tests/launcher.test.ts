// What people type: started here as they start it, in processes of their own.
import { execFile, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { buildWeb } from '../electron/launcher/build.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function run(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: root, env, timeout: 100_000 }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

/** Starts the studio and waits until it has said its address and `expected` on stderr; then a page is fetched and it is ended. */
async function start(script: string, env: NodeJS.ProcessEnv, expected: string): Promise<{ status: number; said: string }> {
  const studio = spawn(process.execPath, [script], { cwd: root, env: { ...process.env, ...env } });
  let [out, said] = ['', ''];
  const ready = new Promise<void>((resolve) => {
    const check = (): void => {
      if (out.includes('#token=') && said.includes(expected)) resolve();
    };
    studio.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      check();
    });
    studio.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      check();
    });
  });
  await ready;
  const { status } = await fetch(/http:\S+/.exec(out)?.[0].split('#')[0] ?? '');
  const ended = new Promise((resolve) => studio.once('exit', resolve));
  studio.kill('SIGTERM');
  await ended;
  return { status, said: said.trim() };
}

describe('npm start', () => {
  it('without a display says so in one sentence and serves the studio to a browser', async () => {
    await buildWeb();
    const { status, said } = await start('electron/launcher/start.mjs', { DISPLAY: '', WAYLAND_DISPLAY: '' }, 'no display');
    expect(status).toBe(200);
    expect(said).toBe(
      'The desktop app cannot be opened (this session has no display), so RepMLP Studio is served to your browser instead.',
    );
  });
});

describe('npm run web', () => {
  it.skipIf(process.platform !== 'linux')('goes on serving where no browser can be opened', async () => {
    await buildWeb();
    const { status } = await start('electron/launcher/web.mjs', { DISPLAY: ':99', PATH: '/nowhere' }, 'No browser could be opened here');
    expect(status).toBe(200);
  });

  it('ends with 2 and one sentence where the port is in use or no port', async () => {
    await buildWeb();
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const taken = await run(['electron/launcher/web.mjs', '--port', String(port), '--no-browser']);
    const wrong = await run(['electron/launcher/web.mjs', '--port', 'eighty', '--no-browser']);
    other.close();
    expect([taken.code, taken.out, taken.err]).toEqual([
      2,
      '',
      `port ${port} is in use by another program; choose another with --port, or leave it out\n`,
    ]);
    expect([wrong.code, wrong.out, wrong.err]).toEqual([2, '', 'expected a port number after --port, got eighty\n']);
  });
});

describe('the lock between builds', () => {
  it('lets one process work at a time, and is taken over from one that died', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'repmlp-lock-'));
    const log = join(folder, 'log');
    await writeFile(log, '');
    const script = `
      import { withLock } from './electron/launcher/lock.mjs';
      import { appendFileSync } from 'node:fs';
      await withLock(process.argv[1], async () => {
        appendFileSync(process.argv[2], 'in ');
        await new Promise((resolve) => setTimeout(resolve, 150));
        if (process.argv[3] === 'die') process.kill(process.pid, 'SIGKILL');
        appendFileSync(process.argv[2], 'out ');
      });`;
    const hold = (...how: string[]): Promise<Ended> => run(['--input-type=module', '-e', script, join(folder, 'lock'), log, ...how]);
    await hold('die');
    await Promise.all([hold(), hold(), hold()]);
    expect((await readFile(log, 'utf8')).trim()).toBe('in in out in out in out');
    await rm(folder, { recursive: true, force: true });
  });
});
