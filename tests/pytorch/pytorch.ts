// The real thing: bundles checked and trained by PyTorch on the CPU, interrupted, gone on with, merged and brought back. Run by
// run.mjs with a Python that has torch. Each claim is printed; the first that does not hold ends the script with its reason.
// `--all` checks the whole zoo instead of one network a family, `--only NAME,NAME` those, `--part checks|trains|survives` one part.
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

/** What is interrupted: one network a task, with all that its recipe may draw at random. */
const INTERRUPTED: readonly (readonly [name: string, sets: readonly string[]])[] = [
  ['repmlpnet-small', ['batchSize=16', 'ema=0.9', 'mixup=0.2', 'cutmix=0.5', 'augmentations=padCropFlip:2,randAugment:9:2,autoAugment']],
  ['repmlp-facenet-small', ['batchSize=16', 'ema=0.9', 'augmentations=flip']],
  ['repmlp-pspnet-small', ['batchSize=4', 'ema=0.9', 'augmentations=randomScaleCrop,flip']],
];

/** Runs the claims below with `python`. Throws Error saying which did not hold. */
export async function run(python: string, args: readonly string[]): Promise<void> {
  const only = valueOf(args, '--only')?.split(',');
  const part = valueOf(args, '--part');
  const isAsked = (name: string): boolean => part === undefined || part === name;
  const folder = await mkdtemp(join(tmpdir(), 'repmlp-pytorch-'));
  const bench = new Bench(python, folder);
  try {
    const all = only ?? (args.includes('--all') ? zoo.map(({ name }) => name) : FAMILIES);
    const among = (name: string): boolean => only?.includes(name) ?? true;
    if (isAsked('checks')) for (const name of all) await bench.checks(name);
    if (isAsked('checks')) await bench.noticesFaults('pure-mlp-small');
    for (const task of ['classification', 'face', 'segmentation'] as const) await writePictures(task, bench.pictures(task));
    if (isAsked('trains')) for (const name of FAMILIES.filter(among)) await bench.trains(name);
    if (isAsked('survives'))
      for (const [name, sets] of INTERRUPTED.filter(([name]) => among(name))) {
        const bundle = await bench.survives(name, sets);
        await bench.comesBack(name, bundle);
      }
    console.log('PyTorch and the app agree');
  } finally {
    bench.endAll();
    await rm(folder, { recursive: true, force: true });
  }
}

function valueOf(args: readonly string[], option: string): string | undefined {
  const at = args.indexOf(option);
  return at < 0 ? undefined : args[at + 1];
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

  /** Killed, asked to stop, gone on with: the weights are those of a run that was left alone. Gives the bundle, trained in `whole`. */
  async survives(name: string, sets: readonly string[]): Promise<string> {
    const bundle = await this.bundle(name, join(this.folder, `survives-${name}`), ['epochs=3', ...sets], true);
    const [whole, killed, asked, fewer] = ['whole', 'killed', 'asked', 'fewer'].map((run) => join(bundle, run));
    await this.torchrun(bundle, 2, whole);
    const first = await this.torchrun(bundle, 2, killed, (text, child) => text.includes('epoch 2 step 4/') && killOne(child));
    claim(first.code !== 0, `${name}: a killed process ends the training`, first.text);
    const again = await this.torchrun(bundle, 2, killed);
    claim(again.text.includes('going on after epoch 1'), `${name}: the same command goes on`, again.text);
    await claimSame(`${name}: a killed and restarted training`, join(killed, 'checkpoint-3.pth.tar'), join(whole, 'checkpoint-3.pth.tar'));
    const stopped = await this.torchrun(bundle, 2, asked, (text, child) => text.includes('epoch 2 step 4/') && child.kill('SIGTERM'));
    claim(/stopped in epoch 2 after step/.test(stopped.text), `${name}: SIGTERM writes a checkpoint amid an epoch`, stopped.text);
    await cp(asked, fewer, { recursive: true });
    await this.torchrun(bundle, 2, asked);
    await claimSame(`${name}: a stopped training that went on`, join(asked, 'checkpoint-3.pth.tar'), join(whole, 'checkpoint-3.pth.tar'));
    const alone = await this.py(bundle, this.training(bundle, fewer));
    claim(alone.code === 0 && alone.text.includes('finished'), `${name}: one process goes on with what two began`, alone.text);
    return bundle;
  }

  /** Merged by PyTorch and verified here; opened as a run, merged and verified here. */
  async comesBack(name: string, bundle: string): Promise<void> {
    const best = join(bundle, 'whole', 'checkpoint-3.pth.tar');
    const unsaid = await this.py(bundle, ['merge.py', best, 'merged.safetensors']);
    claim(unsaid.code !== 0 && unsaid.text.includes('ema or raw'), `${name}: merge.py asks for averaged or raw weights`, unsaid.text);
    const run = join(this.folder, `run-${name}`);
    const asked = await this.app(['runs', 'import', join(bundle, 'whole'), run]);
    claim(asked.code === 2 && asked.text.includes('ema or raw'), `${name}: bringing back asks for averaged or raw weights`, asked.text);
    for (const weights of ['ema', 'raw']) await this.mergesBoth(name, bundle, { run: `${run}-${weights}`, weights });
  }

  private async mergesBoth(name: string, bundle: string, { run, weights }: { run: string; weights: string }): Promise<void> {
    const theirs = join(bundle, `merged-${weights}.safetensors`);
    const merged = await this.py(bundle, ['merge.py', join(bundle, 'whole', 'checkpoint-3.pth.tar'), theirs, '--weights', weights]);
    claim(merged.code === 0, `${name}, ${weights}: merge.py finds its merged form the same function`, merged.text);
    const brought = await this.app(['runs', 'import', join(bundle, 'whole'), run, '--weights', weights]);
    claim(brought.code === 0, `${name}, ${weights}: the output folder becomes a run`, brought.text);
    const last = join(run, 'checkpoints', 'epoch-0003.safetensors');
    const verified = await this.app(['verify', last, theirs]);
    claim(verified.code === 0, `${name}, ${weights}: the app finds PyTorch's merged weights the run's function`, verified.text);
    const own = `${run}.safetensors`;
    const here = await this.app(['merge', last, own]);
    claim(here.code === 0, `${name}, ${weights}: the app merges the run`, here.text);
    const both = await this.app(['verify', last, own]);
    claim(both.code === 0, `${name}, ${weights}: and verifies it`, both.text);
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
