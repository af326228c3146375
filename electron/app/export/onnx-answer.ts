// What anybody's ONNX model answers: are its branches merged, and what does it carry of a proof.
import { readRegular } from '../../files/regular-file';
import { decodeModel } from '@shared/checkpoint/onnx/messages';
import { mergedAnswer, type MergedAnswer } from '@shared/merge/onnx-branches';
import { VERDICT_METADATA } from './export-network';

export interface OnnxAnswer extends MergedAnswer {
  readonly opset: number | null;
  /** The verdict that the file carries, as it was written; null where it carries none. */
  readonly verdict: unknown;
}

/** Rejects with UserError where the file is no model. */
export async function onnxAnswer(path: string): Promise<OnnxAnswer> {
  const model = decodeModel(await readRegular(path, LARGEST_MODEL));
  const verdict = model.metadataProps.find(({ key }) => key === VERDICT_METADATA)?.value;
  const opset = model.opsetImport.find(({ domain }) => domain === '')?.version ?? null;
  return { ...mergedAnswer(model), opset, verdict: verdict === undefined ? null : parsed(verdict) };
}

/** Anybody may have written it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The answer in lines. */
export function onnxLines({ merged, sums, batchNorms, verdict }: OnnxAnswer): string[] {
  const count = `${sums.length} ${sums.length === 1 ? 'sum' : 'sums'} of branches`;
  return [
    merged === null
      ? 'merged: it has no layers with weights'
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
/** A protobuf message has at most 2 GiB. */
const LARGEST_MODEL = 2 ** 31;
