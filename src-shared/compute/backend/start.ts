// Starting one tfjs backend and asking what it runs on. Each backend is started at most once, graphics again where their context was lost; a failure
// is remembered as the reason why it is not available.
import { isSoftwareRenderer, rendererName } from '../../base/software-renderer';
import * as tf from '@tensorflow/tfjs-core';
import { assertNever } from '../../base/assert-never';
import type { BackendName } from '../../training/recipe/recipe';
import { install, onSharedMemory } from '../wasm-backend/install';
import { installWebgl } from '../webgl-backend/install';
import { installWebgpu } from '../webgpu-backend/install';
import { isContext, pauseAfterLosses, reasonNotToTryGraphics, watchContext } from './lost-context';
import { allowedThreads, configuredWasmFiles } from './wasm-files';

/** A backend that runs. */
export interface StartedBackend {
  readonly name: BackendName;
  /** GPU or CPU as the backend names it. */
  readonly device: string;
  /** A graphics library computing on the CPU stands behind it. */
  readonly software: boolean;
  /** Whether results keep full float32 precision. */
  readonly float32: boolean;
  /** Processors it keeps busy while it computes. */
  readonly busy: number;
}

/** A backend that does not run here, and why. */
export interface MissingBackend {
  readonly name: BackendName;
  readonly missing: string;
}

const started = new Map<BackendName, Promise<StartedBackend | MissingBackend>>();

/** Starts a backend (once); never throws, never falls back to another one. */
export function startBackend(name: BackendName): Promise<StartedBackend | MissingBackend> {
  const known = started.get(name);
  if (known) return known;
  const starting = launch(name).catch((error: unknown) => ({ name, missing: reasonOf(error) }));
  started.set(name, starting);
  return starting;
}

/** Why a backend failed: graphics libraries throw objects of their own. */
export function reasonOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  const { message } = error as { message?: unknown };
  return typeof message === 'string' ? message : String(error);
}

// Without it tfjs advertises its other packages on the console of a command-line program.
tf.enableProdMode();

async function launch(name: BackendName): Promise<StartedBackend | MissingBackend> {
  switch (name) {
    case 'cpu':
      await import('@tensorflow/tfjs-backend-cpu');
      await activate('cpu');
      return { name, device: 'plain JavaScript, one thread', software: false, float32: true, busy: 1 };
    case 'wasm':
      return launchWasm();
    case 'webgl':
      return launchWebgl();
    case 'webgpu':
      return launchWebgpu();
    default:
      return assertNever(name);
  }
}

/** tfjs's own, which make a new instance where ours, registered in their place, give the one that runs. */
const factories = new Map<BackendName, ReturnType<typeof tf.findBackendFactory>>();

/**
 * Starts a backend's instance and only then makes it known to tfjs: a start under way in tfjs itself would fail every
 * operation of a training that goes on meanwhile. The instance is active when this returns.
 */
async function activate(name: BackendName): Promise<tf.KernelBackend> {
  const factory = factories.get(name) ?? tf.findBackendFactory(name);
  factories.set(name, factory);
  const instance = await factory();
  tf.removeBackend(name);
  tf.registerBackend(name, () => instance);
  if (!(await tf.setBackend(name))) throw new Error(`the ${name} backend could not be started here`);
  return instance;
}

async function launchWasm(): Promise<StartedBackend> {
  const files = configuredWasmFiles();
  if (!files) throw new Error('the host did not say where the WebAssembly files are');
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  wasm.setWasmPaths({ ...files });
  defineModuleFolder();
  // Threads are our own (compute/wasm-backend/threads.ts): tfjs has none in Node, and its module for them keeps its memory to itself.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  const backend = (await onSharedMemory(() => activate('wasm'))) as InstanceType<typeof wasm.BackendWasm>;
  const threads = await install(backend, allowedThreads());
  const simd = (await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) ? 'SIMD' : 'no SIMD';
  const device = `WebAssembly, ${simd}, ${threads} thread${threads === 1 ? '' : 's'}`;
  return { name: 'wasm', device, software: false, float32: true, busy: threads };
}

/** In Node the compiled module reads `__dirname`, which ES modules lack; its value is not used, for the files' paths are whole. */
function defineModuleFolder(): void {
  const names = globalThis as { process?: unknown; __dirname?: string };
  if (names.process) names.__dirname ??= '/';
}

async function launchWebgl(): Promise<StartedBackend | MissingBackend> {
  if (!('OffscreenCanvas' in globalThis)) return { name: 'webgl', missing: 'there is no graphics context outside a browser window' };
  const reason = reasonNotToTryGraphics();
  if (reason !== null) return { name: 'webgl', missing: reason };
  await pauseAfterLosses();
  const { MathBackendWebGL } = await import('@tensorflow/tfjs-backend-webgl');
  // Software renderers are refused by default; they are slow but right, and the choice is made by speed.
  tf.env().set('SOFTWARE_WEBGL_ENABLED', true);
  const backend = await activate('webgl');
  if (tf.env().getNumber('WEBGL_VERSION') === 2) installWebgl();
  const gl = backend instanceof MathBackendWebGL ? backend.gpgpu.gl : null;
  // Another start is another context.
  if (gl && isContext(gl)) watchContext(gl, () => started.delete('webgl'));
  const device = gl ? rendererName(gl) : 'unknown GPU';
  const float32 = tf.env().getBool('WEBGL_RENDER_FLOAT32_ENABLED');
  return { name: 'webgl', device, software: isSoftwareRenderer(device), float32, busy: isSoftwareRenderer(device) ? Infinity : 1 };
}

interface GpuAdapter {
  readonly isFallbackAdapter?: boolean;
  readonly info?: {
    readonly vendor?: string;
    readonly architecture?: string;
    readonly description?: string;
    readonly isFallbackAdapter?: boolean;
  };
}

/** The adapter is asked for first: tfjs fails with an unclear error where there is none. */
async function launchWebgpu(): Promise<StartedBackend | MissingBackend> {
  const { navigator } = globalThis as { navigator?: { readonly gpu?: { requestAdapter(): Promise<GpuAdapter | null> } } };
  const adapter = navigator?.gpu ? await navigator.gpu.requestAdapter() : null;
  if (!adapter) return { name: 'webgpu', missing: 'WebGPU is not offered here' };
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  const backend = await activate('webgpu');
  // Another start is another device.
  if (backend instanceof WebGPUBackend) installWebgpu(backend, () => started.delete('webgpu'));
  const { vendor, architecture, description } = adapter.info ?? {};
  const device = description || [vendor, architecture].filter(Boolean).join(' ') || 'unknown GPU';
  const fallback = adapter.isFallbackAdapter ?? adapter.info?.isFallbackAdapter ?? false;
  const software = fallback || isSoftwareRenderer(device);
  return { name: 'webgpu', device, software, float32: true, busy: software ? Infinity : 1 };
}
