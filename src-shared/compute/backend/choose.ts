// Choosing a backend. `auto` takes what the self-test found right and fast, and says why; a backend that
// was asked for by name is used or refused, never quietly replaced.
import * as tf from '@tensorflow/tfjs-core';
import type { BackendChoice, BackendName } from '../../training/recipe/recipe';
import { UserError } from '../../base/user-error';
import type { BackendReport } from '../engine';
import { selfTest, type SelfTest } from './self-test';
import { reasonNotToTryGraphics } from './lost-context';
import { type MissingBackend, reasonOf, startBackend, type StartedBackend } from './start';

/** A backend in use, with the words for the user. */
export interface OpenBackend {
  readonly name: BackendName;
  readonly device: string;
  /** Why this one. */
  readonly reason: string;
  readonly gflops: number;
  /** Graphics that the CPU draws. */
  readonly software: boolean;
  /** Processors it keeps busy while it computes. */
  readonly busy: number;
  /** Whether results keep full float32 precision; without it nothing is called verified. */
  readonly float32: boolean;
}

/** Largest relative error the self-test lets pass: float32 reaches 1e-6 on these sizes, half precision 5e-4. */
const SELF_TEST_TOLERANCE = 1e-2;

/** Of every start of a backend: another graphics context is another GPU until it is known. */
const tests = new WeakMap<StartedBackend, Promise<SelfTest | Missing>>();

/**
 * Opens the chosen backend and makes it the active one. Throws UserError where a backend asked for by name cannot be
 * started or computes wrongly; where WebGL was and its context is lost again and again, the best other one is opened, and says so.
 */
export async function openBackend(choice: BackendChoice): Promise<OpenBackend> {
  if (choice === 'auto') return openBest();
  const candidate = await tryBackend(choice);
  if ('missing' in candidate && choice === 'webgl' && reasonNotToTryGraphics() !== null) return openBest();
  if ('missing' in candidate) throw new UserError(`the ${choice} backend cannot be used: ${candidate.missing}`);
  useBackend(choice);
  return { ...candidate, reason: `${choice} was asked for. ${describe(candidate)}` };
}

/** Throws UserError on a GPU without float32 precision: two forms of a network cannot be compared on it. */
export function expectFloat32({ float32, device }: OpenBackend): void {
  if (!float32) throw new UserError(`${device} computes in half precision: equivalence cannot be judged on it, choose wasm or cpu`);
}

/** Makes a started backend the one tfjs computes on, at once (tfjs waits only where a backend has to be started). */
export function useBackend(name: BackendName): void {
  if (tf.getBackend() !== name) void tf.setBackend(name);
}

/** Every backend with what was found out about it, best first. */
export async function reportBackends(): Promise<readonly BackendReport[]> {
  const reports: BackendReport[] = [];
  for (const name of ['webgpu', 'webgl', 'wasm', 'cpu'] as const) {
    const candidate = await tryBackend(name);
    if ('missing' in candidate) reports.push({ name, available: false, device: '', gflops: null, note: candidate.missing });
    else reports.push({ name, available: true, device: candidate.device, gflops: candidate.gflops, note: describe(candidate) });
  }
  return reports;
}

type Candidate = StartedBackend & { readonly gflops: number };
type Missing = Pick<MissingBackend, 'missing'>;

/** Starts and tests a backend. */
async function tryBackend(name: BackendName): Promise<Candidate | Missing> {
  const backend = await startBackend(name);
  if ('missing' in backend) return backend;
  const test = await testOnce(backend);
  if ('missing' in test) return test;
  const { error, gflops } = test;
  if (error > SELF_TEST_TOLERANCE) return { missing: `its self-test gave wrong values (relative error ${error.toExponential(1)})` };
  return { ...backend, gflops };
}

/** A driver that cannot compile or compute may throw instead of giving wrong values. */
function testOnce(backend: StartedBackend): Promise<SelfTest | Missing> {
  const { name } = backend;
  const failed = (error: unknown): Missing => ({ missing: `its self-test failed: ${reasonOf(error)}` });
  const test = tests.get(backend) ?? selfTest(() => useBackend(name)).catch(failed);
  tests.set(backend, test);
  return test;
}

/** WebGL on a real GPU, WebGPU where it is clearly faster; otherwise WASM, which beats software graphics many times over; otherwise plain JavaScript. */
async function openBest(): Promise<OpenBackend> {
  const passed: string[] = [];
  const gpu = await bestGpu(passed);
  const chosen = gpu ?? (await firstUsable(['wasm', 'cpu'], passed));
  useBackend(chosen.name);
  return { ...chosen, reason: [`Chosen: ${chosen.name}, ${describe(chosen)}`, ...passed].join(' ') };
}

async function bestGpu(passed: string[]): Promise<Candidate | null> {
  const webgl = await usableGpu('webgl', passed);
  const webgpu = await usableGpu('webgpu', passed);
  if (webgl && webgpu) return webgpu.gflops > 1.2 * webgl.gflops ? webgpu : webgl;
  return webgl ?? webgpu;
}

async function usableGpu(name: 'webgl' | 'webgpu', passed: string[]): Promise<Candidate | null> {
  const candidate = await tryBackend(name);
  if ('missing' in candidate) {
    passed.push(`Not ${name}: ${candidate.missing}.`);
    return null;
  }
  if (candidate.software) passed.push(`Not ${name}: ${candidate.device} computes on the CPU, where WebAssembly is faster.`);
  else if (!candidate.float32) passed.push(`Not ${name}: this GPU does not keep float32 precision.`);
  else return candidate;
  return null;
}

async function firstUsable(names: readonly BackendName[], passed: string[]): Promise<Candidate> {
  for (const name of names) {
    const candidate = await tryBackend(name);
    if (!('missing' in candidate)) return candidate;
    passed.push(`Not ${name}: ${candidate.missing}.`);
  }
  throw new UserError(`no backend can compute here. ${passed.join(' ')}`);
}

function describe({ device, gflops, software, float32 }: Candidate): string {
  const remarks = [software ? ', software rendering' : '', float32 ? '' : ', without float32 precision'].join('');
  return `${device}${remarks}: ${gflops < 10 ? gflops.toFixed(1) : gflops.toFixed(0)} GFLOP/s.`;
}
