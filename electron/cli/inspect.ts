// repmlp inspect: what is in a checkpoint. Reads the directory only, no tensor values.
import { recognise } from '@shared/model/recognise/recognise';
import { elementCount, shapeText } from '@shared/tensor/tensor';
import { openWeights, settingsText } from './network';
import { print, printJson, type Verb } from './verb';

export const inspectVerb: Verb = (program) => {
  program
    .command('inspect')
    .description('tensors of a checkpoint, and the network they make')
    .argument('<file>', '.pth, .safetensors, .npz or a run folder')
    .option('--json', 'print JSON')
    .action(async (path: string, { json }: { json?: boolean }) => {
      const summary = await inspect(path);
      if (json) printJson(summary);
      else printSummary(summary);
    });
};

/** The JSON of the verb. */
export async function inspect(path: string) {
  const file = await openWeights(path);
  try {
    const { recognised, nearest, blocks } = recognise(file.tensors);
    return {
      file: file.fileName,
      format: file.format,
      bytes: file.bytes,
      model: recognised?.model ?? null,
      settings: recognised?.settings ?? {},
      form: recognised?.form ?? null,
      assumed: recognised?.assumed ?? [],
      nearest: nearest ?? undefined,
      blocks: blocks.map(({ block, problem }) => ({ at: block.name, kind: block.kind, form: block.form, problem })),
      stateDictAt: file.stateDictAt,
      strippedPrefix: file.strippedPrefix,
      metadata: file.metadata,
      tensors: file.tensors.map(({ name, dtype, shape }) => ({ name, dtype, shape })),
    };
  } finally {
    await file.close();
  }
}

function printSummary(summary: Awaited<ReturnType<typeof inspect>>): void {
  const { tensors, model, nearest } = summary;
  const elements = tensors.reduce((sum, tensor) => sum + elementCount(tensor.shape), 0);
  print(
    `${summary.file}: ${summary.format}, ${summary.bytes.toLocaleString('en-US')} bytes, ${tensors.length} tensors, ${elements.toLocaleString('en-US')} elements`,
  );
  if (model) print(`network: ${model}${settingsText(summary.settings)}, ${summary.form} form`);
  else if (nearest) print(`network: not recognised; nearest ${nearest.model} (${nearest.form} form): ${nearest.difference}`);
  else print('network: not recognised');
  if (summary.assumed.length > 0) print(`assumed: ${summary.assumed.join('; ')}`);
  for (const { at, problem } of summary.blocks) if (problem) print(`block ${at || 'inside'}: cannot be computed, ${problem}`);
  const width = Math.max(0, ...tensors.map((tensor) => tensor.name.length));
  print(...tensors.map(({ name, dtype, shape }) => `  ${name.padEnd(width)}  ${dtype.padEnd(8)}  ${shapeText(shape)}`));
}
