// Counts a workload's training steps in a browser's worker: one backend and one workload a worker, since tfjs keeps its programs.
import * as tf from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { openBackend } from '../../src-shared/compute/backend/choose';
import { answering } from '../window/answer';
import { workloads } from '../train/networks';
import { startTraining } from '../train/step';
import { Counter, type GpuCounts } from './counts';
import { countTfjsWebgl, countWebgl } from './webgl';
import { countTfjsWebgpu, countWebgpu } from './webgpu';

export type GpuName = 'webgl' | 'webgpu';

export interface CountRequest {
  readonly backend: GpuName;
  readonly workload: string;
  readonly batch: number;
  readonly steps: number;
}

export interface CountAnswer {
  readonly device?: string;
  /** Per step, the first one first; a step's result is read back at its end. */
  readonly steps?: readonly GpuCounts[];
  /** Why there is nothing else. */
  readonly problem?: string;
}

async function answer({ backend, workload, batch, steps }: CountRequest): Promise<CountAnswer> {
  const counter = new Counter();
  if (backend === 'webgl') countWebgl(counter);
  else countWebgpu(counter);
  const { device } = await openBackend(backend);
  if (backend === 'webgl') countTfjsWebgl(counter, tf.backend() as MathBackendWebGL);
  else countTfjsWebgpu(counter, tf.backend() as WebGPUBackend);
  const chosen = workloads().find(({ name }) => name === workload);
  if (!chosen) return { problem: `there is no workload ${workload}` };
  const training = startTraining({ ...chosen, batch }, backend);
  counter.take();
  const counted: GpuCounts[] = [];
  for (let step = 0; step < steps; step++) {
    await training.step();
    counted.push(counter.take());
  }
  return { device, steps: counted };
}

answering(answer);
