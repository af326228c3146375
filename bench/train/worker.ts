// Training in a browser's worker, as the window has it: measures what a message asks for, one after the other.
import { openBackend } from '../../src-shared/compute/backend/choose';
import { configureEngine, wasmFilesIn } from '../../src-shared/compute/backend/wasm-files';
import type { BackendName } from '../../src-shared/training/recipe/recipe';
import { answering } from '../window/answer';
import { workloads } from './networks';
import { measureTraining, type Measurement } from './step';

/** Asks for a backend's device, or with a workload for its steps. */
export interface WorkerRequest {
  readonly backend: BackendName;
  readonly workload?: { readonly name: string; readonly batch: number; readonly steps: number };
}

export interface WorkerAnswer {
  readonly device?: string;
  readonly software?: boolean;
  readonly measurement?: Measurement;
  /** Why there is nothing else. */
  readonly problem?: string;
}

configureEngine({ wasmFiles: wasmFilesIn(`${location.origin}/wasm/`) });

async function answer({ backend, workload }: WorkerRequest): Promise<WorkerAnswer> {
  const { device, software } = await openBackend(backend);
  const chosen = workloads().find(({ name }) => name === workload?.name);
  if (!workload || !chosen) return { device, software };
  return { device, software, measurement: await measureTraining({ ...chosen, batch: workload.batch }, backend, workload.steps) };
}

answering(answer);
