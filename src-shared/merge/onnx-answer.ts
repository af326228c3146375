// What anybody's ONNX model answers: are its branches merged, and what does it carry of a proof.
import { z } from 'zod';
import { computed, type Stored } from '../base/sent';
import type { OnnxModel } from '../checkpoint/onnx/messages';
import { mergedAnswer } from './onnx-branches';

/** Key of the metadata under which an exported file carries its verdict, as JSON. */
export const VERDICT_METADATA = 'repmlp.verdict';

const leftSum = z.object({ at: z.string(), from: z.string(), branches: z.array(z.string()) });
export const onnxAnswerSchema = z.object({
  merged: z.boolean().nullable(),
  sums: z.array(leftSum),
  batchNorms: z.array(z.string()),
  /** Operations of which nothing is known here: with them nothing is said to be merged. */
  unknown: z.array(z.string()),
  opset: computed.nullable(),
  /** The verdict that the file carries, the text as it was written; null where it carries none. */
  verdict: z.string().nullable(),
});
export type OnnxAnswer = Stored<z.infer<typeof onnxAnswerSchema>>;

/** What a model answers. */
export function onnxAnswer(model: OnnxModel): OnnxAnswer {
  const verdict = model.metadataProps.find(({ key }) => key === VERDICT_METADATA)?.value;
  const opset = model.opsetImport.find(({ domain }) => domain === '')?.version ?? null;
  const { merged, sums, batchNorms, unknown } = mergedAnswer(model);
  return {
    merged,
    sums: sums.map(({ at, from, branches }) => ({ at, from, branches: [...branches] })),
    batchNorms: [...batchNorms],
    unknown: [...unknown],
    opset,
    verdict: verdict ?? null,
  };
}

/** The verdict as the JSON it is; the text itself where it is none, for anybody may have written it. */
export function readVerdict(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The answer in lines. */
export function onnxLines({
  merged,
  sums,
  batchNorms,
  unknown,
  verdict,
}: Omit<OnnxAnswer, 'verdict'> & { readonly verdict: unknown }): string[] {
  const count = `${sums.length} ${sums.length === 1 ? 'sum' : 'sums'} of branches`;
  return [
    merged === null
      ? unknown.length > 0
        ? `merged: cannot be told, for ${unknown.slice(0, MOST_LISTED).join(', ')} ${unknown.length === 1 ? 'is an operation' : 'are operations'} of which nothing is known here; no branch was found beside ${unknown.length === 1 ? 'it' : 'them'}`
        : 'merged: it has no layers with weights'
      : merged
        ? 'merged: yes, no branches are left beside one another'
        : `merged: no, ${count} could each be one layer; merge the checkpoint before exporting it`,
    ...sums.slice(0, MOST_LISTED).map(({ at, from, branches }) => `  ${at}: ${branches.join(' + ')}, all from ${from}`),
    ...(sums.length > MOST_LISTED ? [`  and ${sums.length - MOST_LISTED} more`] : []),
    ...(batchNorms.length > 0 ? [`batch norms that could be folded: ${batchNorms.length}, the first ${batchNorms[0]}`] : []),
    verdict === null ? 'verdict: the file carries none' : 'verdict: the file carries one (--json shows it)',
  ];
}

const MOST_LISTED = 8;
