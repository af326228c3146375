// ONNX: what an opened file of it answers (is it merged, where were branches left), and the weights in focus written as one, judged
// by ONNX Runtime before they are handed out.
import { useEffect, useState } from 'react';
import type { OpenedCheckpoint } from '@shared/link/studio';
import { onnxLines, readVerdict, type OnnxAnswer } from '@shared/merge/onnx-answer';
import type { ExportVerdict } from '@shared/merge/report';
import type { Form } from '@shared/model/spec';
import { attempt } from '../../studio/notices';
import { stemOf } from '../../studio/network/SaveWeights';
import { studio } from '../../studio/studio';
import { downloadFrom } from '../../ui/download';
import { measured } from '../../ui/format';

/** Nothing for files of other formats. */
export function OnnxMerged({ file: { id, format } }: { readonly file: OpenedCheckpoint }) {
  const [answer, setAnswer] = useState<OnnxAnswer | null>(null);
  useEffect(() => {
    let isShown = true;
    setAnswer(null);
    if (format === 'onnx') void attempt(async () => isShown && setAnswer(await studio().checkpoint.onnx({ id })));
    return () => void (isShown = false);
  }, [id, format]);
  if (!answer) return null;
  const [first, ...rest] = onnxLines(answer);
  return (
    <div data-testid="onnx-answer">
      <p className={answer.merged === true ? '' : 'says-warning'}>{first}</p>
      {rest.map((line) => (
        <p key={line} className="faint">
          {line}
        </p>
      ))}
      {answer.verdict !== null && (
        <details>
          <summary>The verdict in the file</summary>
          <pre>{JSON.stringify(readVerdict(answer.verdict), null, 2)}</pre>
        </details>
      )}
    </div>
  );
}

/** The file's network as ONNX, in the forms it has. */
export function OnnxExport({ file: { id, fileName, recognised } }: { readonly file: OpenedCheckpoint }) {
  const [busy, setBusy] = useState<Form | null>(null);
  const [verdict, setVerdict] = useState<ExportVerdict | null>(null);
  if (!recognised) return null;
  const save = async (form: Form): Promise<void> => {
    setBusy(form);
    setVerdict(null);
    try {
      const name = `${stemOf(fileName).replace(/\.onnx$/i, '')}-${form}.onnx`;
      const made = await studio().checkpoint.exportOnnx({ weights: { kind: 'file', id }, fileName: name, form });
      setVerdict(made.verdict);
      if (made.url !== null) downloadFrom(made.url, made.fileName);
    } finally {
      setBusy(null);
    }
  };
  const forms: readonly Form[] = recognised.form === 'train' ? ['merged', 'train'] : ['merged'];
  return (
    <div className="stack" data-testid="onnx-export">
      <div className="row">
        <span className="faint">As an ONNX model, judged by ONNX Runtime layer by layer</span>
        {forms.map((form) => (
          <button
            key={form}
            type="button"
            className="button"
            disabled={busy !== null}
            data-testid={`export-onnx-${form}`}
            onClick={() => void attempt(() => save(form))}
          >
            {`${form} form`}
          </button>
        ))}
      </div>
      {busy && (
        <p className="faint" role="status">
          Exporting, and running it in ONNX Runtime.
        </p>
      )}
      {verdict && (
        <p className={verdict.equivalent ? '' : 'says-error'} role="status" data-testid="onnx-verdict">
          {verdictLine(verdict)}
        </p>
      )}
    </div>
  );
}

function verdictLine({ equivalent, form, merge, onnx }: ExportVerdict): string {
  const numbers = `max abs ${measured(onnx.maxAbs)}, relative ${measured(onnx.maxRel)}, tolerance ${measured(onnx.tolerance)}`;
  const merged = merge === null ? '' : merge.equivalent ? '; the merge is equivalent, too' : '; the merge is NOT equivalent';
  return equivalent
    ? `The ${form} form in ONNX Runtime is the same function: ${numbers}${merged}. The verdict travels in the file.`
    : `NOT the same function in ONNX Runtime: ${numbers}${merged}; first layer that differs: ${onnx.firstDivergentLayer ?? 'none'}. No file was made.`;
}
