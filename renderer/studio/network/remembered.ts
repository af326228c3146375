// What a reload of the window, and the way back, come back to: the current network, the one it is compared with, the files
// that were open, and the block or weight in focus. Kept for this window alone, so that two windows on one service do not
// take each other's network.
import { z } from 'zod';
import { networkField } from '@shared/model/schema';
import { weightsReference } from '@shared/link/weights-reference';
import type { OpenedCheckpoint } from '@shared/link/studio';
import { comparison, compareWith, subjectKey } from './comparison';
import { currentDesign, currentSubject, network, takeDesign, type Subject } from './network';
import { notify } from '../notices';
import { keptTexts } from '../kept-text';
import { createStore } from '../state';
import { studio } from '../studio';
import { addUndoable } from '../undo/parts';
import { chooseWeights, focusBlock, focusTensor, openPath, weights } from './weights';

const KEY = 'repmlp-network';

const design = z.object({
  entry: z.string(),
  settings: z.record(z.string(), z.string()),
  inputSize: z.string(),
  described: networkField.nullable(),
});

/** The networks of the window, as plain data. */
export const rememberedNetworks = z.object({
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
export type RememberedNetworks = z.infer<typeof rememberedNetworks>;

/** `done`: the networks are those that were remembered, and what is changed in them is remembered from now on. */
export const recalled = createStore(() => ({ done: false }));

/**
 * Comes back at once to what was current before the window was reloaded, where that takes no service, and remembers every change
 * from then on. A file is known to the service alone; what is chosen before that is there takes its place.
 */
export function recallAlone(): void {
  const before = stored();
  unopened = before?.files ?? [];
  compareWith(before?.compared ?? null);
  if (before && isFile(before)) return rememberOnceChosen();
  if (before?.design) takeDesign(before.design);
  else if (before) chooseWeights(before.reference, before.block);
  if (before) focusTensor(before.tensor);
  startRemembering();
}

/** The files that were open before a reload, which the service has not been asked for yet. */
let unopened: RememberedNetworks['files'] = [];
/** Whether a service was ever reached. */
let isReached = false;

function isFile({ design, reference }: RememberedNetworks): boolean {
  return design === null && reference.kind === 'file';
}

function rememberOnceChosen(): void {
  const [first, compared] = [subjectKey(currentSubject()), comparison.getState().subject];
  const note = (): void => {
    const isChosen = subjectKey(currentSubject()) !== first || comparison.getState().subject !== compared;
    if (recalled.getState().done || isReached || !isChosen) return;
    startRemembering();
    remember();
  };
  weights.subscribe(note);
  comparison.subscribe(note);
}

/** Comes back, with a service, to what was current before the window was reloaded, or its service started again. */
export async function recallNetwork(): Promise<void> {
  const before = stored();
  const isThere = !isReached && recalled.getState().done && before !== null && !isFile(before);
  isReached = true;
  try {
    if (before && !isThere) await recall(before);
    // Where none was open, what is opened meanwhile stays.
    else if (before && before.files.length > 0) await reopen(before);
  } finally {
    unopened = [];
    startRemembering();
  }
}

function startRemembering(): void {
  if (recalled.getState().done) return;
  recalled.setState({ done: true });
  weights.subscribe(remember);
  network.subscribe(remember);
  comparison.subscribe(remember);
}

/** Null where nothing was kept, or what was kept cannot be read any more. */
function stored(): RememberedNetworks | null {
  try {
    return rememberedNetworks.parse(JSON.parse(keptTexts.read(KEY) ?? 'null'));
  } catch {
    return null;
  }
}

/** Shows those of the files again that the service still has open. */
async function reopen({ files }: RememberedNetworks): Promise<readonly OpenedCheckpoint[]> {
  const known = new Map(files);
  const open = (await studio().checkpoint.opened()).filter(({ id }) => known.has(id)).reverse();
  weights.setState({ opened: open, inspected: open[0]?.id ?? null });
  return open;
}

async function recall(before: RememberedNetworks): Promise<void> {
  const { design, reference, compared, block, tensor, files } = before;
  const open = await reopen(before);
  if (compared) compareWith(compared);
  if (design) return takeDesign(design);
  if (reference.kind !== 'file' || open.some(({ id }) => id === reference.id)) chooseWeights(reference, block);
  else await openAgain(new Map(files).get(reference.id) ?? null);
  focusTensor(tensor);
}

/** A service that was started again knows none of the files that were open before. */
async function openAgain(path: string | null): Promise<void> {
  if (path === null) notify('warning', 'The file that was open is no longer with the service; open it again.');
  else await openPath(path);
}

/** Makes the networks current that were so before, and leaves alone what is as it was; other open files stay open. */
export async function returnTo({ design, reference, compared, block, tensor, files }: RememberedNetworks): Promise<void> {
  if (subjectKey(compared) !== subjectKey(comparison.getState().subject)) compareWith(compared);
  const subject: Subject = design ? { kind: 'design', design } : { kind: 'weights', reference };
  const isCurrent = subjectKey(subject) === subjectKey(currentSubject());
  if (design) return isCurrent ? undefined : takeDesign(design);
  if (!isCurrent) {
    const { opened } = weights.getState();
    if (reference.kind !== 'file' || opened.some(({ id }) => id === reference.id)) chooseWeights(reference, block);
    else await openAgain(new Map(files).get(reference.id) ?? null);
  }
  const now = weights.getState();
  if (block !== null && block !== now.block) focusBlock(block);
  if (tensor !== weights.getState().tensor) focusTensor(tensor);
}

/** The networks as they are now. */
export function networksNow(): RememberedNetworks {
  const { reference, block, tensor, opened } = weights.getState();
  const known = new Map([...unopened, ...opened.map(({ id, path }): [string, string] => [id, path])]);
  const files = [...known];
  return { design: currentDesign(), reference, compared: comparison.getState().subject, block, tensor, files };
}

type Networks = Omit<RememberedNetworks, 'files'>;
/** Paths of the files that were current once, to open them again. */
const paths = new Map<string, string | null>();

addUndoable({
  name: 'networks',
  stage: null,
  says: 'the network',
  now: () => {
    if (!recalled.getState().done) return undefined;
    const { files, ...networks } = networksNow();
    for (const [id, path] of files) paths.set(id, path);
    return networks;
  },
  show: (kept) => returnTo({ ...(kept as Networks), files: [...paths] }),
  // The first block, or weight, of a network is found by itself.
  settles: (before, after) => {
    const [a, b] = [before as Networks, after as Networks];
    const found = (a.block === null && b.block !== null) || (a.tensor === null && b.tensor !== null && a.block === null);
    const rest = ({ design, reference, compared }: Networks): string => JSON.stringify([design, reference, compared]);
    return found && rest(a) === rest(b);
  },
});

function remember(): void {
  keptTexts.write(KEY, JSON.stringify(networksNow()));
}
