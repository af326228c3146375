// What changes many arrays in one call, in place, on all threads: a step of an optimizer for all parameters, and the blends
// of averages. Which optimizers there are and by what numbers they step, compute/session/optimizer.ts says; each is a kernel of
// its own in assembly/optimizer.ts.
import { BLEND_KERNEL, MOVED, STEP_KERNEL, type BlendAttributes, type StepAttributes } from '../../session/optimizer';
import { integersAt, offsetOf, sizeOf } from '../heap';
import { partsFor, ranges, type Kernels } from '../instance';
import { wasmKernel, type Operation, type WasmCall } from '../operation';

export const optimizer: Operation = {
  own: (kernels) => [
    wasmKernel(STEP_KERNEL, (call: WasmCall<StepAttributes>) =>
      move(kernels, call, call.attrs.kind, call.attrs.decays, call.attrs.scalars),
    ),
    wasmKernel(BLEND_KERNEL, (call: WasmCall<BlendAttributes>) => {
      const { count, share } = call.attrs;
      return move(kernels, call, 'blend', Array<boolean>(count).fill(false), [1 - share, share]);
    }),
  ],
};

/** Integers of assembly/optimizer.ts's Moved. */
const FIELDS = 6;

/** Moves as many arrays as `decays` has entries; the values of all are counted through and cut between the threads. */
function move(
  kernels: Kernels,
  { inputs, backend }: WasmCall,
  work: StepAttributes['kind'] | 'blend',
  decays: readonly boolean[],
  scalars: readonly number[],
): [] {
  const records = decays.map((isDecaying, i) => {
    const tensors = MOVED.map((name) => inputs[`${name}${i}`]);
    // Memory that another tensor shares must not change under it.
    for (const tensor of [tensors[0], tensors[2]])
      if (tensor && backend.refCount(tensor.dataId as object) > 1) throw new Error('a moved tensor is shared');
    return [...tensors.map((tensor) => (tensor ? offsetOf(backend, tensor) : 0)), sizeOf(tensors[0].shape), Number(isDecaying)];
  });
  const table = kernels.scratch(records.length * FIELDS * 4);
  integersAt(backend, table, records.length * FIELDS).set(records.flat());
  const total = records.reduce((sum, record) => sum + record[4], 0);
  const calls = ranges(total, partsFor(kernels, total), 64).map((range) => [table, records.length, ...range, ...scalars]);
  if (total > 0) kernels.share(work, calls);
  return [];
}
