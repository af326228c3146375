// A window's weights as an ONNX file to be fetched: made, judged by ONNX Runtime, and handed out only where it is the same function.
import { basename } from 'node:path';
import type { WeightsReference } from '@shared/link/studio';
import type { ExportVerdict } from '@shared/merge/report';
import type { Form } from '@shared/model/spec';
import { writeFileAtomically } from '../../files';
import { sha256OfFile } from '../../files/file-hash';
import type { Studio } from '../studio';
import { exportNetwork } from './export-network';

interface AskedExport {
  readonly weights: WeightsReference;
  readonly fileName: string;
  readonly form: Form;
}

/** Rejects with UserError where the network is not known, or has no such form. */
export async function exportedOnnx(
  { weights, engines, bulk }: Studio,
  { weights: reference, fileName, form }: AskedExport,
): Promise<{ readonly url: string | null; readonly fileName: string; readonly verdict: ExportVerdict }> {
  const loaded = await weights.load(reference);
  const path = await weights.pathOf(reference);
  const isFile = weights.mergedHere(reference) === undefined && path !== null;
  const sha256 = isFile ? await sha256OfFile(path).catch(() => null) : null;
  const source = { fileName: path === null ? fileName : basename(path), sha256 };
  const { engine } = await engines.current();
  const { verdict, parts } = await exportNetwork(loaded, engine, { form, source });
  const url = verdict.equivalent ? await bulk.addFile(fileName, (file) => writeFileAtomically(file, parts)) : null;
  return { url, fileName: basename(fileName), verdict };
}
