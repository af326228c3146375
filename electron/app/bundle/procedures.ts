// A window's way to PyTorch and back: what it is answered while a bundle is written, and of a folder that may be an output.
import { basename } from 'node:path';
import type { BroughtBackAnswer, BundleStep } from '@shared/link/studio';
import type { PartsDone } from '@shared/tensor/parts';
import type { Studio } from '../studio';
import { bringBack, isPyTorchOutput, WhichWeights, type WeightsKind } from './bring-back';
import { writeBundle, type BundleRequest } from './bundle';

/** Writes a bundle on the engine in use, telling how many of its steps are done. */
export async function* writtenBundle(
  { engines }: Studio,
  { folder, ...request }: Omit<BundleRequest, 'backend'> & { readonly folder: string },
  signal?: AbortSignal,
): AsyncGenerator<BundleStep, void> {
  const { engine } = await engines.current();
  const told: PartsDone[] = [];
  let wake: () => void = () => undefined;
  const watch = { signal, onProgress: (done: number, total: number) => (told.push({ done, total }), wake()) };
  let isOver = false;
  // Its float32 is what was held against PyTorch; how a graphics card rounds is its own affair.
  const work = writeBundle({ ...request, backend: 'wasm' }, engine, folder, watch);
  const end = (): void => {
    isOver = true;
    wake();
  };
  work.then(end, end);
  for (;;) {
    for (let part = told.shift(); part !== undefined; part = told.shift()) yield { type: 'steps', ...part };
    if (isOver) break;
    await new Promise<void>((resolve) => (wake = resolve));
  }
  yield { type: 'written', ...(await work) };
}

/** A folder as a run of the runs folder, where a PyTorch training wrote it. */
export async function broughtBackRun({ runs }: Studio, path: string, weights: WeightsKind | null): Promise<BroughtBackAnswer> {
  if (!(await isPyTorchOutput(path))) return { kind: 'other' };
  try {
    const { folder, remarks } = await bringBack(path, runs.newFolder(basename(path)), weights);
    return { kind: 'run', run: await runs.open(folder), remarks };
  } catch (error) {
    if (error instanceof WhichWeights) return { kind: 'question', question: error.message };
    throw error;
  }
}
