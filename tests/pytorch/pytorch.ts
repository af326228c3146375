// The real thing: bundles checked and trained by PyTorch on the CPU, interrupted, gone on with, merged and brought back. Run by
// run.mjs with a Python that has torch. Each claim is printed; the first that does not hold ends the script with its reason.
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openCheckpointFile } from '../../electron/files';
import type { Task } from '../../src-shared/model/spec';
import { zoo } from '../../src-shared/model/zoo';
import { writePictures } from './pictures';

/** One of each family; `--all` takes the whole zoo. */
const FAMILIES = ['pure-mlp-small', 'repmlp-res-small', 'repmlpnet-small', 'repmlp-facenet-small', 'repmlp-pspnet-small'];
const CLI = fileURLToPath(new URL('../cli.mjs', import.meta.url));

interface Finished {
  readonly code: number | null;
  readonly text: string;
}

/** Runs the claims below with `python`. Throws Error saying which did not hold. */
export async function run(python: string, args: readonly string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'repmlp-pytorch-'));
  const bench = new Bench(python, folder);
  try {
    const all = args.includes('--all') ? zoo.map(({ name }) => name) : FAMILIES;
    for (const name of all) await bench.checks(name);
    await bench.noticesFaults('pure-mlp-small');
    for (const task of ['classification', 'face', 'segmentation'] as const) await writePictures(task, bench.pictures(task));
    for (const name of FAMILIES) await bench.trains(name);
    await bench.survives();
    await bench.comesBack();
    console.log('PyTorch and the app agree');
  } finally {
    bench.endAll();
    await rm(folder, { recursive: true, force: true });
  }
}

class Bench {
  readonly #running = new Set<ChildProcess>();

  constructor(
    private readonly python: string,
    private readonly folder: string,
  ) {}

  pictures(task: Task): string {
    return join(this.folder, 'pictures', task);
  }

  endAll(): void {
    this.#running.forEach((child) => child.kill('SIGKILL'));
  }

  /** The bundle of a zoo network trains it with the app's arithmetic. */
  async checks(name: string): Promise<void> {
    const bundle = await this.bundle(name, join(this.folder, 'check'), []);
    if (bundle === null) return;
    const { code, text } = await this.py(bundle, ['train.py', '--check']);
    claim(code === 0, `${name}: --check finds the app's numbers again`, text);
    await rm(bundle, { recursive: true });
  }

  /** A check that could not fail would prove nothing. */
  async noticesFaults(name: string): Promise<void> {
    const bundle = await this.bundle(name, join(this.folder, 'faults'), ['clipNorm=5', 'decayMatricesOnly=true', 'ema=0.99']);
    if (bundle === null) throw new Error(`${name} has no parity numbers`);
    const faults: [file: string, right: string, wrong: string][] = [
      ['arithmetic.py', 'momentum=momentum', 'momentum=0.5 * momentum'],
      ['arithmetic.py', 'parameter.ndim > 1 or not', 'True or not'],
      ['arithmetic.py', 'math.cos(math.pi * share)', 'math.cos(3.1 * share)'],
      ['arithmetic.py', 'alpha=1 - self.decay', 'alpha=self.decay'],
      ['parity.py', 'if recipe["clip_grad"] is not None:', 'if False:'],
      ['net.py', 'momentum=0.1', 'momentum=0.11'],
      ['net.py', 'padding=K // 2', 'padding=K // 2, padding_mode="replicate"'],
    ];
    for (const [file, right, wrong] of faults) {
      const path = join(bundle, file);
      const text = await readFile(path, 'utf8');
      if (!text.includes(right)) throw new Error(`${file} has no "${right}" to be changed`);
      await writeFile(path, text.replace(right, wrong));
      const found = await this.py(bundle, ['train.py', '--check']);
      claim(found.code === 1, `--check notices ${wrong} in ${file}`, found.text);
      await writeFile(path, text);
    }
  }

  /** Two processes over gloo train every family on pictures in folders. */
  async trains(name: string): Promise<void> {
    const bundle = await this.bundle(name, join(this.folder, name), ['epochs=2', 'batchSize=8'], true);
    const found = await this.torchrun(bundle, 2, join(bundle, 'out'));
    claim(found.code === 0 && found.text.includes('finished'), `${name}: two processes train it`, found.text);
  }

  /** Killed, asked to stop, gone on with: the weights are those of a run that was left alone. */
  async survives(): Promise<void> {
    const sets = ['epochs=3', 'batchSize=16', 'ema=0.9', 'mixup=0.2', 'augmentations=padCropFlip:2,randAugment:9:2,autoAugment'];
    const bundle = await this.bundle('repmlpnet-small', join(this.folder, 'survives'), sets, true);
    const [whole, killed, asked, fewer] = ['whole', 'killed', 'asked', 'fewer'].map((name) => join(bundle, name));
    await this.torchrun(bundle, 2, whole);
    const first = await this.torchrun(bundle, 2, killed, (text, child) => text.includes('epoch 2 step 4/') && killOne(child));
    claim(first.code !== 0, 'a killed process ends the training', first.text);
    const again = await this.torchrun(bundle, 2, killed);
    claim(again.text.includes('going on after epoch 1'), 'the same command goes on', again.text);
    await claimSame('a killed and restarted training', join(killed, 'checkpoint-3.pth.tar'), join(whole, 'checkpoint-3.pth.tar'));
    const stopped = await this.torchrun(bundle, 2, asked, (text, child) => text.includes('epoch 2 step 4/') && child.kill('SIGTERM'));
    claim(/stopped in epoch 2 after step/.test(stopped.text), 'SIGTERM writes a checkpoint amid an epoch', stopped.text);
    await cp(asked, fewer, { recursive: true });
    await this.torchrun(bundle, 2, asked);
    await claimSame('a stopped training that went on', join(asked, 'checkpoint-3.pth.tar'), join(whole, 'checkpoint-3.pth.tar'));
    const alone = await this.py(bundle, this.training(bundle, fewer));
    claim(alone.code === 0 && alone.text.includes('finished'), 'one process goes on with what two began', alone.text);
  }

  /** Merged by PyTorch and verified here; opened as a run, merged and verified here. */
  async comesBack(): Promise<void> {
    const bundle = join(this.folder, 'survives');
    const best = join(bundle, 'whole', 'checkpoint-3.pth.tar');
    const unsaid = await this.py(bundle, ['merge.py', best, 'merged.safetensors']);
    claim(unsaid.code !== 0 && unsaid.text.includes('ema or raw'), 'merge.py asks for averaged or raw weights', unsaid.text);
    const merged = await this.py(bundle, ['merge.py', best, 'merged.safetensors', '--weights', 'ema']);
    claim(merged.code === 0, 'merge.py finds its merged form the same function', merged.text);
    const asked = await this.app(['runs', 'import', join(bundle, 'whole'), join(this.folder, 'run')]);
    claim(asked.code === 2 && asked.text.includes('ema or raw'), 'bringing back asks for averaged or raw weights', asked.text);
    const run = join(this.folder, 'run');
    const brought = await this.app(['runs', 'import', join(bundle, 'whole'), run, '--weights', 'ema']);
    claim(brought.code === 0, 'the output folder becomes a run', brought.text);
    const verified = await this.app(['verify', run, join(bundle, 'merged.safetensors')]);
    claim(verified.code === 0, "the app finds PyTorch's merged weights the run's function", verified.text);
    const own = join(this.folder, 'own.safetensors');
    claim((await this.app(['merge', run, own])).code === 0, 'the app merges the run', '');
    const both = await this.app(['verify', run, own]);
    claim(both.code === 0, 'and verifies it', both.text);
  }

  /** Null where the app says that it has no parity numbers for it. */
  private async bundle(name: string, out: string, sets: readonly string[]): Promise<string | null>;
  private async bundle(name: string, out: string, sets: readonly string[], isTrained: true): Promise<string>;
  private async bundle(name: string, out: string, sets: readonly string[]): Promise<string | null> {
    const made = await this.app(['bundle', name, out, ...sets.flatMap((set) => ['--recipe-set', set])]);
    claim(made.code === 0, `${name}: the bundle is written`, made.text);
    if (!made.text.includes('not proved')) return out;
    console.log(`     ${made.text.split('\n').find((line) => line.startsWith('not proved')) ?? ''}`);
    await rm(out, { recursive: true });
    return null;
  }

  private training(bundle: string, output: string): string[] {
    const task = /facenet/.test(bundle) ? 'face' : /pspnet/.test(bundle) ? 'segmentation' : 'classification';
    return ['train.py', '--data', this.pictures(task), '--output', output, '--workers', '0', '--log-every', '1'];
  }

  /** Through the module, which has no name of its own on some systems; its streams redirected, for the 1.13 of Debian fails without. */
  private torchrun(bundle: string, processes: number, output: string, onText?: OnText): Promise<Finished> {
    const launcher = ['-m', 'torch.distributed.run', '--redirects', '1', '--tee', '1', '--standalone', `--nproc_per_node=${processes}`];
    return this.py(bundle, [...launcher, ...this.training(bundle, output)], onText);
  }

  private py(folder: string, args: readonly string[], onText?: OnText): Promise<Finished> {
    return this.process(this.python, args, folder, onText);
  }

  private app(args: readonly string[]): Promise<Finished> {
    return this.process(process.execPath, [CLI, ...args], this.folder);
  }

  private process(command: string, args: readonly string[], cwd: string, onText?: OnText): Promise<Finished> {
    // One thread a process: two would share out sums otherwise from run to run.
    const env = { ...process.env, OMP_NUM_THREADS: '1', PYTHONDONTWRITEBYTECODE: '1' };
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#running.add(child);
    let [text, heard] = ['', false];
    const hear = (chunk: Buffer): void => {
      text += chunk.toString();
      if (!heard && onText?.(text, child)) heard = true;
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => {
        this.#running.delete(child);
        resolve({ code, text });
      });
    });
  }
}

/** Gives whether it has done what it waited for. */
type OnText = (text: string, child: ChildProcess) => boolean;

/** Kills one of the launcher's processes, found by their parent. */
function killOne(launcher: ChildProcess): boolean {
  const children = childrenOf(launcher.pid ?? 0);
  const [, victim] = children;
  if (victim === undefined) return false;
  process.kill(victim, 'SIGKILL');
  return true;
}

/** Process ids of a process's children (Linux). */
function childrenOf(parent: number): number[] {
  const text = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8');
  return text.trim().split(/\s+/).map(Number);
}

function claim(holds: boolean, what: string, text: string): void {
  if (!holds) throw new Error(`does not hold: ${what}\n${text}`);
  console.log(`ok   ${what}`);
}

/** Both sets of weights of two checkpoints, number by number. */
async function claimSame(what: string, a: string, b: string): Promise<void> {
  for (const weights of ['state_dict', 'state_dict_ema']) {
    const [one, other] = await Promise.all([a, b].map((path) => tensorsOf(path, weights)));
    const differing = [...one].filter(([name, { data }]) => String(data) !== String(other.get(name)?.data)).map(([name]) => name);
    claim(one.size > 0 && one.size === other.size && differing.length === 0, `${what} ends with the same ${weights}`, differing.join('\n'));
  }
}

async function tensorsOf(path: string, weights: string) {
  const file = await openCheckpointFile(path, undefined, { weights });
  try {
    return await file.readAll();
  } finally {
    await file.close();
  }
}
