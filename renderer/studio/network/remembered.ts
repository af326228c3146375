// What a reload of the window comes back to: the current network, the files that were open, and the block or weight in
// focus. Kept for this window alone, so that two windows on one service do not take each other's network.
import { z } from 'zod';
import { networkField } from '@shared/model/schema';
import { weightsReference } from '@shared/link/studio';
import { comparison, compareWith } from './comparison';
import { currentDesign, network, takeDesign } from './network';
import { notify } from '../notices';
import { studio } from '../studio';
import { chooseWeights, focusTensor, openPath, weights } from './weights';

const KEY = 'repmlp-network';

const design = z.object({
  entry: z.string(),
  settings: z.record(z.string(), z.string()),
  inputSize: z.string(),
  described: networkField.nullable(),
});

const remembered = z.object({
  design: design.nullable(),
  reference: weightsReference,
  /** What it is compared with. */
  compared: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('weights'), reference: weightsReference }),
      z.object({ kind: z.literal('design'), design }),
    ])
    .nullable()
    .default(null),
  block: z.string().nullable(),
  tensor: z.string().nullable(),
  /** Ids of the files that were open, with their paths where they have any. */
  files: z.array(z.tuple([z.string(), z.string().nullable()])),
});
type Remembered = z.infer<typeof remembered>;

let remembering = false;

/** Comes back to what was current before the window was reloaded, or its service started again; then remembers every change. */
export async function recallNetwork(): Promise<void> {
  const before = stored();
  if (before) await recall(before);
  if (remembering) return;
  remembering = true;
  weights.subscribe(remember);
  network.subscribe(remember);
  comparison.subscribe(remember);
}

/** Null where nothing was kept, or what was kept cannot be read any more. */
function stored(): Remembered | null {
  try {
    return remembered.parse(JSON.parse(sessionStorage.getItem(KEY) ?? 'null'));
  } catch {
    return null;
  }
}

async function recall({ design, reference, compared, block, tensor, files }: Remembered): Promise<void> {
  const known = new Map(files);
  const open = (await studio().checkpoint.opened()).filter(({ id }) => known.has(id)).reverse();
  weights.setState({ opened: open, inspected: open[0]?.id ?? null });
  if (compared) compareWith(compared);
  if (design) return takeDesign(design);
  if (reference.kind !== 'file' || open.some(({ id }) => id === reference.id)) chooseWeights(reference, block);
  else await openAgain(known.get(reference.id) ?? null);
  focusTensor(tensor);
}

/** A service that was started again knows none of the files that were open before. */
async function openAgain(path: string | null): Promise<void> {
  if (path === null) notify('warning', 'The file that was open is no longer with the service; open it again.');
  else await openPath(path);
}

function remember(): void {
  const { reference, block, tensor, opened } = weights.getState();
  const files = opened.map(({ id, path }): [string, string] => [id, path]);
  const compared = comparison.getState().subject;
  sessionStorage.setItem(KEY, JSON.stringify({ design: currentDesign(), reference, compared, block, tensor, files }));
}
