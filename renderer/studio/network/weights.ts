// The weights that merge, matrices, patterns and export look at: bundled, a run's checkpoint, or an
// opened file; and the block of them that is in focus.
import { createStore } from '../state';
import { printable } from '@shared/base/printable';
import { ROOT_SET } from '@shared/checkpoint/weight-sets/choose-weight-set';
import type { FamilyChoice, OpenedCheckpoint, RecentFile, WeightsReference } from '@shared/link/studio';
import type { FigureSource } from '@shared/figure/recipe';
import { inputSizeText } from '@shared/model/input-size';
import type { TensorInfo } from '@shared/tensor/tensor';
import { runs } from '../runs/runs';
import { connection, studio } from '../studio';

export interface Weights {
  /** The weights in focus; those last in focus where the current network has none. */
  readonly reference: WeightsReference;
  /** Whether the current network has weights: else nothing may be said of `reference` as if it were about it. */
  readonly inFocus: boolean;
  readonly label: string;
  /** Paths of their RepMLP blocks; null while not asked for yet. */
  readonly blocks: readonly string[] | null;
  /** The block in focus, in every stage that looks at one. */
  readonly block: string | null;
  /** Every tensor of the weights; null while not asked for yet. */
  readonly tensors: readonly TensorInfo[] | null;
  readonly opened: readonly OpenedCheckpoint[];
  /** The file the checkpoint view shows. */
  readonly inspected: string | null;
  /** The weight shown as a matrix in place of the block in focus; null shows the block. */
  readonly tensor: string | null;
  readonly recent: readonly RecentFile[];
  /** Grows when a file is read in another way than before: partitions or eps were said. */
  readonly reading: number;
}

/** The train-form checkpoint that comes with the program. */
export const BUNDLED = { kind: 'bundled', name: 'pure-mlp-small' } as const satisfies WeightsReference;

export const weights = createStore<Weights>(() => ({
  reference: BUNDLED,
  inFocus: true,
  label: labelOf(BUNDLED, []),
  blocks: null,
  block: null,
  opened: [],
  inspected: null,
  tensors: null,
  tensor: null,
  recent: [],
  reading: 0,
}));

/** The opened file that weights are of; undefined where they are of none. */
export function fileOf({ reference, opened }: Pick<Weights, 'reference' | 'opened'>): OpenedCheckpoint | undefined {
  return reference.kind === 'file' ? opened.find(({ id }) => id === reference.id) : undefined;
}

/** Whether partitions of a file have to be said before anything is computed with it. */
export function isUndecided({ questions }: OpenedCheckpoint): boolean {
  return questions.some(({ assumed }) => assumed === null);
}

/** What a reference is called on screen. */
export function labelOf(reference: WeightsReference, opened: readonly OpenedCheckpoint[]): string {
  return printable(plainLabel(reference, opened));
}

function plainLabel(reference: WeightsReference, opened: readonly OpenedCheckpoint[]): string {
  if (reference.kind === 'bundled') return `Bundled: ${reference.name}`;
  if (reference.kind === 'run') return `${reference.run} / ${reference.checkpoint.replace(/^checkpoints\/|\.safetensors$/g, '')}`;
  return fileOf({ reference, opened })?.fileName ?? reference.id;
}

/** How a figure recipe names these weights, so that it can be drawn again in another session: the file, which of its sets of weights where it is not the usual one, and what the user said of its partitions, eps and inputs. */
export function figureSource(reference: WeightsReference): FigureSource {
  if (reference.kind === 'bundled') return { path: `bundled:${reference.name}` };
  if (reference.kind === 'run') return { path: `${runFolder(reference.run)}/${reference.checkpoint}` };
  const file = fileOf({ reference, opened: weights.getState().opened });
  return file === undefined ? { path: reference.id } : sourceOfFile(file);
}

function sourceOfFile({ path, weightSets, recognised, choices, families: { said }, adapter }: OpenedCheckpoint): FigureSource {
  const [usual] = weightSets;
  const chosen = weightSets.find((set) => set.chosen);
  return {
    path,
    ...(chosen && chosen !== usual && { weights: chosen.name || ROOT_SET }),
    ...(choices.partitions.length > 0 && { partitions: choices.partitions.map(([h, w]): [number, number] => [h, w]) }),
    ...(choices.eps !== null && { eps: choices.eps }),
    ...familiesSaid(said, adapter),
    ...(recognised?.inputSize === 'chosen' && { inputSize: inputSizeText(recognised.spec.input) }),
  };
}

/** What was said of a file's groups of known families; nothing where nothing was. */
function familiesSaid({ recipe, setting, own = [] }: FamilyChoice, adapter: OpenedCheckpoint['adapter']): Pick<FigureSource, 'families'> {
  if (recipe.length === 0 && setting.length === 0 && own.length === 0 && adapter === undefined) return {};
  const lists = { ...(recipe.length > 0 && { recipe: [...recipe] }), ...(setting.length > 0 && { setting: [...setting] }) };
  return {
    families: {
      ...lists,
      ...(own.length > 0 && { own: [...own] }),
      ...(adapter !== undefined && { adapter: adapter.path, ...(adapter.given && { config: adapter.given }) }),
    },
  };
}

/** The folder of a run, which may have been opened from anywhere. */
export function runFolder(name: string): string {
  const listed = runs.getState().list.find((run) => run.name === name);
  return listed?.folder ?? `${connection.getState().info?.runsFolder ?? '.'}/${name}`;
}

/** A text that is equal for equal references. */
export function keyOf(reference: WeightsReference): string {
  if (reference.kind === 'file') return `file:${reference.id}`;
  return reference.kind === 'run' ? `run:${reference.run}:${reference.checkpoint}` : `bundled:${reference.name}`;
}

/** Puts weights in focus, and a block of them where it is known; whoever shows their blocks calls `loadBlocks`. */
export function chooseWeights(reference: WeightsReference, block: string | null = null): void {
  const label = labelOf(reference, weights.getState().opened);
  weights.setState({ reference, inFocus: true, label, blocks: null, block, tensors: null, tensor: null });
}

/** Puts other weights of the same network in focus (the next epoch, say), staying on the block or weight. */
export function followWeights(reference: WeightsReference): void {
  const { block, tensor } = weights.getState();
  chooseWeights(reference, block);
  weights.setState({ tensor });
}

/** Lists the blocks of the weights in focus, once. */
export async function loadBlocks(): Promise<void> {
  const { reference, blocks } = weights.getState();
  if (blocks) return;
  const found = await studio().merge.blocks({ weights: reference });
  const { reference: now, block } = weights.getState();
  if (keyOf(now) !== keyOf(reference)) return;
  weights.setState({ blocks: found, block: block !== null && found.includes(block) ? block : (found[0] ?? null) });
}

/** Lists the tensors of the weights in focus, once. */
export async function loadTensors(): Promise<void> {
  const { reference, tensors } = weights.getState();
  if (tensors) return;
  const found = await studio().checkpoint.tensors({ weights: reference });
  if (keyOf(weights.getState().reference) === keyOf(reference)) weights.setState({ tensors: found });
}

export function focusBlock(block: string): void {
  weights.setState({ block, tensor: null });
}

/** Shows one weight of the weights in focus as a matrix; null goes back to the block. */
export function focusTensor(tensor: string | null): void {
  weights.setState({ tensor });
}

/** Opens a file by its path on the service's machine and inspects it; it is the current network then. */
export async function openPath(path: string): Promise<OpenedCheckpoint> {
  const file = await studio().checkpoint.open({ path });
  const others = weights.getState().opened.filter(({ id }) => id !== file.id);
  weights.setState({ opened: [file, ...others], inspected: file.id });
  chooseWeights({ kind: 'file', id: file.id });
  return file;
}

/** Takes an opened file's network for inputs of another size, `N` or `HxW`; an empty text goes back to its own. */
export async function resizeFile(id: string, inputSize: string): Promise<void> {
  const file = await studio().checkpoint.resize({ id, inputSize });
  weights.setState({ opened: weights.getState().opened.map((one) => (one.id === id ? file : one)) });
}

/** Reads another set of weights of an opened file in place of the one it shows; what was in focus of it stays in focus. */
export async function switchSet({ id }: OpenedCheckpoint, set: string): Promise<void> {
  const file = await studio().checkpoint.openSet({ id, set });
  const { opened, reference, inspected } = weights.getState();
  const isInFocus = reference.kind === 'file' && reference.id === id;
  weights.setState({
    opened: opened.map((one) => (one.id === id ? file : one)),
    inspected: inspected === id ? file.id : inspected,
  });
  if (isInFocus) followWeights({ kind: 'file', id: file.id });
}

/** Shows what the checkpoint that comes with the program holds, as long as no file was opened. */
export async function inspectBundled(): Promise<void> {
  if (weights.getState().opened.length > 0) return;
  const file = await studio().checkpoint.open({ path: figureSource(BUNDLED).path });
  if (weights.getState().opened.length > 0) return;
  weights.setState({ opened: [file], inspected: file.id });
}

/** Takes a file off the recent ones; the service deletes it if it is a copy of an upload. */
export async function forgetRecent(path: string): Promise<void> {
  await studio().checkpoint.forget({ path });
  await refreshRecent();
}

export async function refreshRecent(): Promise<void> {
  weights.setState({ recent: await studio().checkpoint.recent() });
}

/** Says what an opened file's shapes leave open; null keeps what was said before, in this window or another. Rejects where it contradicts the file. */
export async function settleFile(
  id: string,
  { partitions, eps }: { readonly partitions: [number, number][] | null; readonly eps: number | null },
): Promise<void> {
  const before = weights.getState().opened.find((one) => one.id === id)?.choices ?? { partitions: [], eps: null };
  const said = partitions ?? before.partitions.map(([h, w]): [number, number] => [h, w]);
  const file = await studio().checkpoint.settle({ id, partitions: said, eps: eps ?? before.eps });
  const { opened, reference, reading } = weights.getState();
  weights.setState({ opened: opened.map((one) => (one.id === id ? file : one)), reading: reading + 1 });
  // Blocks, matrices and verdicts of the old reading are gone.
  if (reference.kind === 'file' && reference.id === id) chooseWeights(reference);
}
