// The compact file of the digits, fetched once from the host that served this window.
import type { LoadDigits } from '@shared/dataset/digits';

let fetched: Promise<Uint8Array> | null = null;

/** The file's bytes. Rejects where the host does not answer; the next call then asks again. */
export const fetchDigits: LoadDigits = () => {
  fetched ??= askForDigits();
  fetched.catch(() => (fetched = null));
  return fetched;
};

async function askForDigits(): Promise<Uint8Array> {
  const response = await fetch('/digits');
  if (!response.ok) throw new Error(`/digits answered ${response.status}: ${await response.text()}`);
  return new Uint8Array(await response.arrayBuffer());
}
