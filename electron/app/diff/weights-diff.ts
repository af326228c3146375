// Two sets of weights of a window side by side: files, checkpoints of runs, or what was merged here.
import type { WeightsReference } from '@shared/link/studio';
import type { DiffReport } from '@shared/proof/diff/report';
import { seed } from '@shared/tensor/random';
import type { Tensor } from '@shared/tensor/tensor';
import { understandFile } from '../../files/checkpoint-network';
import type { Studio } from '../studio';
import type { WeightsLibrary } from '../checkpoint/weights';
import { inputOfFile, type DiffInput } from './compared-file';
import { diffFiles } from './diff-files';

interface AskedDiff {
  readonly a: WeightsReference;
  readonly b: WeightsReference;
  readonly seed: number;
  readonly batch: number;
}

/** Rejects with UserError where one of them is gone or damaged. */
export async function weightsDiff({ weights, engines }: Studio, asked: AskedDiff, signal?: AbortSignal): Promise<DiffReport> {
  const [a, b] = [await inputOf(weights, asked.a), await inputOf(weights, asked.b)];
  let place = '';
  const engine = async () => {
    const current = await engines.current();
    place = current.place;
    return current.engine;
  };
  try {
    const report = await diffFiles(a.input, b.input, engine, {
      seed: seed(asked.seed),
      batch: asked.batch,
      backend: 'auto',
      watch: { signal },
    });
    return report.run === null ? report : { ...report, run: { ...report.run, backend: `${report.run.backend}, ${place}` } };
  } finally {
    await a.done();
    await b.done();
  }
}

interface OpenInput {
  readonly input: DiffInput;
  readonly done: () => Promise<void>;
}

async function inputOf(weights: WeightsLibrary, reference: WeightsReference): Promise<OpenInput> {
  const here = weights.mergedHere(reference);
  if (here !== undefined) {
    const { understood, stored } = here.read;
    const read = (name: string): Promise<Tensor> => Promise.resolve(stored.get(name) as Tensor);
    return { input: { understood, moduleSettings: new Map(), read }, done: () => Promise.resolve() };
  }
  const { file, choices, done } = await weights.fileOf(reference);
  return { input: inputOfFile(file, understandFile(file, choices)), done };
}
