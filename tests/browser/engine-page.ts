// The page behind engine.test.ts: forward passes and training steps on a backend of the browser, and the
// engine in a worker as the window has it. Arrays cross to the test as plain lists.
import * as tf from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { openBackend } from '../../src-shared/compute/backend/choose';
import { configureEngine, wasmFilesIn } from '../../src-shared/compute/backend/wasm-files';
import type { EngineWorkerStart } from './engine-page-worker';
import { connectEngine } from '../../src-shared/link/engine/client';
import type { Engine } from '../../src-shared/compute/engine';
import { runForward } from '../../src-shared/compute/forward-request';
import { eventedPort } from '../../src-shared/link/port';
import type { NetworkSpec } from '../../src-shared/model/spec';
import { floatTensor, type NamedTensors, type Tensor } from '../../src-shared/tensor/tensor';
import type { BackendName } from '../../src-shared/training/recipe/recipe';
import { fourSteps } from '../four-steps';
import { plainSteps } from '../plain-steps';
import { trainingStep } from '../training-step';
import { transfersOfStep, type Transfers } from './transfers';

/** Tensors as they cross to the page. */
export type TensorList = [name: string, dtype: 'float32' | 'int64', shape: number[], values: number[]][];

export interface EnginePage {
  open(backend: BackendName): Promise<string>;
  forward(spec: NetworkSpec, weights: TensorList, input: TensorList): Promise<number[]>;
  /** The steps of tests/four-steps.ts on an opened backend. */
  fourSteps: typeof fourSteps;
  /** Losses and weights of two steps by gradients alone (rate 1, no momentum), on the backend named. */
  plainSteps: typeof plainSteps;
  trainingStep(spec: NetworkSpec, tensors: TensorList): Promise<[string, number[]][]>;
  /** Lets WebGPU refuse something, then reads what was computed after it: the words of the failure, and a sum on the device opened next. */
  afterRefusal(): Promise<{ problem: string; sum: number }>;
  /** What a training step on the open backend, WebGL, moves to the GPU and back. */
  transfersOfStep(spec: NetworkSpec): Promise<Transfers>;
  /** Starts the worker; the engine behind its port. */
  startEngine(): Engine;
}

declare global {
  var enginePage: EnginePage;
}

const wasmFiles = wasmFilesIn(`${location.origin}/wasm/`);
configureEngine({ wasmFiles });

function tensorsOf(list: TensorList): NamedTensors {
  return new Map(
    list.map(([name, dtype, shape, values]): [string, Tensor] => {
      if (dtype === 'int64') return [name, { shape, dtype, data: BigInt64Array.from(values, BigInt) }];
      return [name, floatTensor(shape, Float32Array.from(values))];
    }),
  );
}

const sumOf = (values: number[]): Promise<number> =>
  tf
    .sum(tf.tensor1d(values))
    .data()
    .then(([sum]) => sum);

async function afterRefusal(): Promise<{ problem: string; sum: number }> {
  await openBackend('webgpu');
  const { device } = tf.backend() as WebGPUBackend;
  device.createBuffer({ size: 16, usage: 0 });
  const problem = await sumOf([1, 2]).then(String, (error: unknown) => String(error));
  await openBackend('webgpu');
  return { problem, sum: await sumOf([1, 2]) };
}

globalThis.enginePage = {
  open: async (backend) => (await openBackend(backend)).device,
  forward: async (spec, weights, input) => {
    const x = tensorsOf(input).get('x') as Parameters<typeof runForward>[0]['input'];
    const { output } = await runForward({ spec, weights: tensorsOf(weights), input: x, layers: false });
    return Array.from(output.data);
  },
  trainingStep: async (spec, tensors) =>
    [...(await trainingStep(spec, tensorsOf(tensors)))].map(([name, values]) => [name, Array.from(values)]),
  afterRefusal,
  transfersOfStep,
  fourSteps,
  plainSteps,
  startEngine: () => {
    const worker = new Worker('/engine-page-worker.js', { type: 'module' });
    const { port1, port2 } = new MessageChannel();
    const start: EngineWorkerStart = { port: port2, wasmFiles };
    worker.postMessage(start, [port2]);
    return connectEngine(eventedPort(port1));
  },
};
