// What a training step asks of the GPU, counted on WebGL and WebGPU: draw calls or dispatches, textures or buffers, bytes up and
// down, programs compiled, texels written against the step's arithmetic. The counts depend on no machine; tests/browser holds them.
// npm run bench -- gpu [--only NAME,...] [--backends webgl,webgpu] [--batch N] [--programs] [--hardware]
import { parseArgs } from 'node:util';
import { ledger } from '@shared/cost/ledger';
import { countInWindow } from './gpu/count';
import type { GpuCounts } from './gpu/counts';
import type { CountAnswer, CountRequest, GpuName } from './gpu/worker';
import { workloads } from './train/networks';

/** Steps counted: the first compile, from the fourth on nothing may be made anew. */
const STEPS = 5;

/** Runs the benchmark. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      backends: { type: 'string', default: 'webgl,webgpu' },
      batch: { type: 'string', default: '2' },
      programs: { type: 'boolean', default: false },
      hardware: { type: 'boolean', default: false },
    },
  });
  const names = values.only?.split(',') ?? workloads().map(({ name }) => name);
  const batch = Number(values.batch);
  const requests = (values.backends.split(',') as GpuName[]).flatMap((backend) =>
    names.map((workload): CountRequest => ({ backend, workload, batch, steps: STEPS })),
  );
  await countInWindow(requests, (request, answer) => describe(request, answer, values.programs), { software: !values.hardware });
}

function describe({ backend, workload, batch }: CountRequest, { device, steps, problem }: CountAnswer, programs: boolean): void {
  const head = `${workload}, ${backend}, batch ${batch}`;
  if (!steps) return console.log(`${head}: ${problem ?? 'no answer'}`);
  console.log(`${head} (${device})`);
  for (const [i, counts] of steps.entries()) console.log(`  step ${i + 1}: ${line(counts)}`);
  const last = steps[steps.length - 1];
  console.log(
    `  ${(arithmetic(workload, batch) / last.written).toFixed(1)} multiply-accumulates per ${backend === 'webgl' ? 'texel' : 'workgroup'}`,
  );
  if (programs)
    console.log(
      Object.entries(last.byProgram)
        .sort(([, a], [, b]) => b - a)
        .map(([name, count]) => `    ${count} ${name}`)
        .join('\n'),
    );
}

const line = ({ draws, made, taken, uploadedBytes, reads, readBytes, programs, written }: GpuCounts): string =>
  `${draws} draws, ${made} made of ${taken} taken, ${uploadedBytes} bytes up, ${reads} reads of ${readBytes} bytes, ${programs} programs, ${written} written`;

/** Multiply-accumulates of a step: the forward pass, and twice as many for the gradients of inputs and of weights. */
function arithmetic(workload: string, batch: number): number {
  const spec = workloads().find(({ name }) => name === workload)?.spec;
  return spec ? 3 * batch * ledger(spec).macs : NaN;
}
