// WebGPU's calls counted: call before tfjs asks for its device. TypeScript's own library has no WebGPU here; of what is
// wrapped only the arguments that are read are described.
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { type Counter, watched } from './counts';

type Prototype<Method extends string> = { prototype: Record<Method, (...args: never[]) => unknown> };

interface WebgpuGlobals {
  readonly GPUDevice: Prototype<'createBuffer' | 'createTexture' | 'createComputePipeline' | 'createComputePipelineAsync'>;
  readonly GPUQueue: Prototype<'writeBuffer'>;
  readonly GPUComputePassEncoder: Prototype<'dispatchWorkgroups'>;
  readonly GPUBuffer: Prototype<'mapAsync'>;
}

const READ = 1;

/** Counts what every device of this thread is asked for. */
export function countWebgpu(counter: Counter): void {
  const { GPUDevice, GPUQueue, GPUComputePassEncoder, GPUBuffer } = globals();
  for (const make of ['createBuffer', 'createTexture'] as const)
    watched(GPUDevice.prototype, make, (args: readonly unknown[]) => {
      counter.add('made');
      const { mappedAtCreation = false, size = 0 } = args[0] as { mappedAtCreation?: boolean; size?: number };
      if (mappedAtCreation) counter.add('uploadedBytes', size);
    });
  for (const make of ['createComputePipeline', 'createComputePipelineAsync'] as const)
    watched(GPUDevice.prototype, make, () => counter.add('programs'));
  watched(GPUQueue.prototype, 'writeBuffer', (args: readonly unknown[]) => counter.add('uploadedBytes', writtenBytes(args)));
  watched(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', (args: readonly unknown[]) => {
    counter.add('draws');
    counter.add(
      'written',
      (args as readonly number[]).reduce((product, count) => product * count, 1),
    );
  });
  watched(GPUBuffer.prototype, 'mapAsync', (args: readonly unknown[], buffer) => {
    if (args[0] !== READ) return;
    counter.add('reads');
    counter.add('readBytes', Number(Reflect.get(buffer, 'size')));
  });
}

function globals(): WebgpuGlobals {
  const found: object = globalThis;
  const are = (known: object): known is WebgpuGlobals =>
    ['GPUDevice', 'GPUQueue', 'GPUComputePassEncoder', 'GPUBuffer'].every((name) => name in known);
  if (!are(found)) throw new Error('WebGPU is not offered here: nothing to count');
  return found;
}

/** Of buffer, offset, data, data offset, size: whole arrays where no size is given; sizes of typed arrays are in elements. */
function writtenBytes([, , data, , size]: readonly unknown[]): number {
  const { byteLength, BYTES_PER_ELEMENT = 1 } = data as { byteLength: number; BYTES_PER_ELEMENT?: number };
  return typeof size === 'number' ? size * BYTES_PER_ELEMENT : byteLength;
}

/** Counts the buffers that tfjs takes, and names what computes; call when the backend runs. */
export function countTfjsWebgpu(counter: Counter, backend: WebGPUBackend): void {
  watched(backend, 'runWebGPUProgram', ([program]) => counter.draw(program.constructor.name));
  watched(backend.bufferManager, 'acquireBuffer', () => counter.add('taken'));
}
