// repmlp inspect: what is in a checkpoint. Reads the directory only, no tensor values.
import { largestOf } from '@shared/base/extremes';
import type { CheckpointFile, WeightSet } from '@shared/checkpoint/checkpoint-file';
import { ROOT_SET } from '@shared/checkpoint/weight-sets/choose-weight-set';
import { canonicalInfos, canonicalise } from '@shared/model/canonical/canonical';
import { findGroups, type FoundGroups } from '@shared/merge/recipes/find-groups';
import { leftLine } from '@shared/merge/recipes/summaries';
import { recognise, type BlockInside } from '@shared/model/recognise/recognise';
import type { Understanding } from '@shared/model/recognise/understand';
import { elementCount, shapeText } from '@shared/tensor/tensor';
import { UserError } from '@shared/base/user-error';
import { settingsText } from '../../app/checkpoint/stated-network';
import { understandFile } from '../../files/checkpoint-network';
import type { WeightsChoice } from '../../files';
import { takenByBlocks } from '../../app/merge/recipe-groups';
import { onnxAnswer, onnxLines, readVerdict, type OnnxAnswer } from '@shared/merge/onnx-answer';
import { openQuietly } from '../network';
import { print, printJson, withWeights, type Verb } from '../verb';

export const inspectVerb: Verb = (program) => {
  withWeights(program.command('inspect'))
    .description('tensors of a checkpoint, and the network they make')
    .argument('<file>', '.pth, .safetensors, .npz, .onnx or a run folder')
    .option('--json', 'print JSON')
    .action(async (path: string, { json, weights }: { json?: boolean; weights?: string }) => {
      const summary = await inspect(path, { weights });
      if (json) printJson(summary);
      else printSummary(summary);
    });
};

/** The JSON of the verb. */
export async function inspect(path: string, choice: WeightsChoice = {}) {
  const file = await openQuietly(path, choice);
  try {
    const { spec, recognition, said, questions, problem } = understood(file);
    const { recognised, nearest, blocks } = recognition;
    const { groups, left } = spec === null ? groupsIn(file, blocks) : { groups: [], left: [] };
    return {
      file: file.fileName,
      format: file.format,
      bytes: file.bytes,
      model: recognised?.model ?? spec?.name ?? null,
      settings: recognised?.settings ?? {},
      form: spec?.form ?? null,
      assumed: recognised?.assumed ?? [],
      said,
      open: questions.map(({ block, partitions }) => ({ block, partitions: partitions.map((pair) => pair.join('x')) })),
      problem: problem ?? undefined,
      nearest: nearest ?? undefined,
      blocks: blocks.map(({ block, problem }) => ({ at: block.name, kind: block.kind, form: block.form, problem })),
      groups: groups.map(({ prefix, recipe, form }) => ({ at: prefix, recipe: recipe.name, family: recipe.family, form })),
      left: left.map(({ at, recipe, reason }) => ({ at, recipe, reason })),
      stateDictAt: file.stateDictAt,
      strippedPrefix: file.strippedPrefix,
      weightSets: file.weightSets,
      setAside: file.setAside,
      metadata: file.metadata,
      onnx: file.model && onnxJson(onnxAnswer(file.model)),
      tensors: file.tensors.map(({ name, dtype, shape }) => ({ name, dtype, shape })),
    };
  } finally {
    await file.close();
  }
}

/** The verdict inside as JSON. */
function onnxJson({ verdict, ...answer }: OnnxAnswer) {
  return { ...answer, verdict: verdict === null ? null : readVerdict(verdict) };
}

/** Groups of re-parameterized families, beside the RepMLP blocks. */
function groupsIn(file: CheckpointFile, blocks: readonly BlockInside[]): FoundGroups {
  return findGroups(file.tensors, { taken: takenByBlocks(blocks, file.tensors) });
}

function groupLines({ groups, left }: Awaited<ReturnType<typeof inspect>>): string[] {
  const counts = new Map<string, string[]>();
  for (const { at, recipe, family, form } of groups) {
    const kind = `${family} (${recipe}), ${form === 'both' ? 'merged form, with the branches still there' : `${form} form`}`;
    const places = counts.get(kind) ?? [];
    places.push(at || 'the whole file');
    counts.set(kind, places);
  }
  const some = (places: readonly string[]): string =>
    places.length > 4 ? `${places.slice(0, 3).join(', ')} and ${places.length - 3} more` : places.join(', ');
  return [
    ...[...counts].map(([kind, places]) => `${places.length === 1 ? 'group' : `${places.length} groups`} of ${kind}: ${some(places)}`),
    ...left.map(leftLine),
  ];
}

function setLine({ name, tensors, chosen }: WeightSet): string {
  return `set of weights: ${name || ROOT_SET}, ${tensors} tensors${chosen ? ', listed here' : `; --weights ${name || ROOT_SET} lists it`}`;
}

/** What is understood of a file; a contradiction inside it is told, not thrown: its tensors are to be seen all the same. */
function understood(file: CheckpointFile): Pick<Understanding, 'spec' | 'recognition' | 'said' | 'questions'> & { problem: string | null } {
  try {
    return { ...understandFile(file), problem: null };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const recognition = { ...recognise(canonicalInfos(canonicalise(file.tensors))), recognised: null };
    return { spec: null, recognition, said: [], questions: [], problem: error.message };
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
  if (summary.onnx) print(...onnxLines(summary.onnx));
  for (const text of summary.said) print(`read: ${text}`);
  if (summary.problem !== undefined) print(`cannot be used: ${summary.problem}`);
  for (const { block, partitions } of summary.open)
    print(`open: the partition of ${block || 'the block'} may be ${partitions.join(', ')}; merge takes --partition`);
  for (const { at, problem } of summary.blocks) if (problem) print(`block ${at || 'inside'}: cannot be computed, ${problem}`);
  const lines = groupLines(summary);
  if (lines.length > 0) print(lines);
  if (summary.weightSets.length > 1) print(summary.weightSets.map(setLine));
  if (summary.strippedPrefix !== '') print(`in front of every name: ${summary.strippedPrefix}`);
  for (const phrase of summary.setAside) print(`beside the weights: ${phrase}`);
  const width = largestOf(
    tensors.map((tensor) => tensor.name.length),
    0,
  );
  print(tensors.map(({ name, dtype, shape }) => `  ${name.padEnd(width)}  ${dtype.padEnd(8)}  ${shapeText(shape)}`));
}
