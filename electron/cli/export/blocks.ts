// repmlp export of a file of an unknown network: the merged blocks of other families, each with an input and an output of its own.
import { basename } from 'node:path';
import { UserError } from '@shared/base/user-error';
import type { Form } from '@shared/model/spec';
import { exportBlocks, type ExportedBlocks } from '../../app/export/export-blocks';
import { planFamilies } from '../../app/merge/families';
import { writeFileAtomically } from '../../files';
import { sha256OfFile } from '../../files/file-hash';
import { openQuietly, understandWith } from '../network';
import { readShown, StatusLine } from '../progress';
import { print, printJson, remark, seedFrom, type NetworkOptions, type RecipeOptions } from '../verb';

interface BlocksOptions extends Omit<NetworkOptions, 'form'>, RecipeOptions {
  readonly form: Form;
  readonly seed: string;
  readonly force: boolean;
  readonly json?: boolean;
}

/** Whether the file's blocks were exported; false where its network is known or named, or it holds no group to merge. */
export async function exportedAsBlocks(
  input: string,
  output: string,
  options: BlocksOptions,
  setExit: (code: number) => void,
): Promise<boolean> {
  if (options.model !== undefined || options.block !== undefined) return false;
  const file = await openQuietly(input, options);
  try {
    const understood = await understandWith(file, { ...options, form: undefined });
    const plan = await planFamilies(file, understood, options);
    if (plan === null) return false;
    if (options.form === 'train')
      throw new UserError(`${input} holds blocks of other families in an unknown network: they are exported merged, not in train form`);
    const weights = await readShown(file, new StatusLine());
    const source = { fileName: basename(input), sha256: await sha256OfFile(input).catch(() => null) };
    const { parts, ...found } = await exportBlocks(plan, weights, source, seedFrom('--seed', options.seed));
    if (found.equivalent) await writeFileAtomically(output, parts, { force: options.force });
    else setExit(1);
    found.left.forEach((text) => remark(`left: ${text}`));
    if (options.json) printJson({ out: found.equivalent ? output : null, model: null, form: 'merged', ...found });
    else printBlocks(output, found);
    return true;
  } finally {
    await file.close();
  }
}

function printBlocks(output: string, { equivalent, blocks, toleranceReason }: Omit<ExportedBlocks, 'parts'>): void {
  const wrong = blocks.filter((block) => !block.equivalent);
  const lines = wrong.map(({ weight, maxAbs }) => `  ${weight}: off by ${maxAbs.toExponential(2)}`);
  const count = `${blocks.length} merged ${blocks.length === 1 ? 'block' : 'blocks'}`;
  print(
    equivalent
      ? `${output}: ${count}, each with an input and an output of its own, and each the same function in ONNX Runtime`
      : `NOT written: ${wrong.length} of ${count} differ in ONNX Runtime`,
    ...lines,
    `convolutions there have stride 1 and keep the size of the map; tolerance: ${toleranceReason}`,
  );
}
