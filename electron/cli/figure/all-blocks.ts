// repmlp figure --all-blocks: one recipe drawn for every block of its checkpoint, all of the files or none.
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { FigureRecipe } from '@shared/figure/registry';
import { renderBlocks } from '../../app/figure/batch';
import type { FigureReaders } from '../../app/figure/render';
import { refuseExisting, writeFileAtomically } from '../../files';
import { StatusLine } from '../progress';
import { figureFormat } from './written';

/** A file that is drawn and waits for its place. */
interface Waiting {
  readonly from: string;
  readonly to: string;
}

/**
 * Draws a recipe for every block into files called after `output` and the block: `figures/fc3.pdf` gives `figures/fc3-stage1.mix1.pdf`.
 * Returns them in the order of the blocks. Rejects with UserError, leaving nothing, where one cannot be drawn or one is there already.
 */
export async function drawAllBlocks(
  output: string,
  recipe: FigureRecipe,
  readers: FigureReaders,
  { force, strip }: { readonly force: boolean; readonly strip?: boolean },
): Promise<string[]> {
  const [folder, ending] = [dirname(output), extname(output)];
  const stem = basename(output, ending);
  await mkdir(folder, { recursive: true });
  // In the folder itself: what waits there is moved into place without being copied.
  const aside = await mkdtemp(join(folder, '.figures-'));
  const line = new StatusLine();
  try {
    const waiting: Waiting[] = [];
    const progress = (done: number, total: number, block: string): void => line.showPart('drawing', done, total, block);
    for await (const { slug, rendered } of renderBlocks(recipe, readers, { format: figureFormat(output), stem, strip, progress })) {
      const files = [...rendered.beside, { name: `${stem}-${slug}${ending}`, bytes: rendered.bytes }];
      for (const { name, bytes } of files) {
        const [from, to] = [join(aside, name), join(folder, name)];
        await refuseExisting(to, { force });
        await writeFileAtomically(from, bytes, { force: true });
        waiting.push({ from, to });
      }
    }
    for (const { to } of waiting) await refuseExisting(to, { force });
    for (const { from, to } of waiting) await rename(from, to);
    return waiting.map(({ to }) => to);
  } finally {
    line.clear();
    await rm(aside, { recursive: true, force: true });
  }
}
