// Ends a thread of a program from outside: a module that every thread of it loads first (NODE_OPTIONS) keeps the threads that
// are started, and on SIGUSR2 ends one of them, whichever thread started it.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const HOOK = `
import threads from 'node:worker_threads';
import { syncBuiltinESMExports } from 'node:module';
const own = new Set();
threads.Worker = class extends threads.Worker {
  constructor(...args) {
    super(...args);
    own.add(this);
    this.once('exit', () => own.delete(this));
  }
};
syncBuiltinESMExports();
const channel = new BroadcastChannel('end-a-thread');
channel.unref?.();
const endOne = () => { const all = [...own]; if (all.length > 0) void all[Math.floor(Math.random() * all.length)].terminate(); };
channel.onmessage = ({ data }) => { if (Math.random() < data) endOne(); };
if (threads.isMainThread) process.on('SIGUSR2', () => { if (Math.random() < 0.5) endOne(); else channel.postMessage(1); });
`;

/** Writes the module; gives its address. */
export async function threadHook(folder: string): Promise<string> {
  const path = join(folder, 'thread-hook.mjs');
  await writeFile(path, HOOK);
  return pathToFileURL(path).href;
}
