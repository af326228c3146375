// Prepares the window as a lesson's step, a file or a link wants it. Invariant: what a state leaves out stays as it is; a state that
// cannot be prepared says why, and the lesson goes on.
import type { FigureRecipe } from '@shared/figure/registry';
import type { PreparedState } from '@shared/lesson/prepared-state';
import { BUNDLED_MODEL, trainingConfigOf, type World } from '@shared/lesson/world';
import { resolveScene } from '@shared/merge/convolution/resolve';
import type { SceneModel } from '@shared/merge/convolution/scene-model';
import { seed } from '@shared/tensor/random';
import { goTo, navigation } from '../../studio/navigation';
import { currentDesign, network, takeDesign } from '../../studio/network/network';
import { BUNDLED, chooseWeights } from '../../studio/network/weights';
import { createStore } from '../../studio/state';
import { studio } from '../../studio/studio';
import { fetchBytes } from '../../workers/fetch-bytes';
import { convolution, sceneSources, showScene } from '../convolution';
import { chooseEmbedded, dataset } from '../dataset';
import { judgeMerged } from '../merge';
import { training } from '../training';

export interface Prepared {
  readonly setup: World['setup'];
  /** The run that was watched when a training was prepared: what it does is not the lesson's. */
  readonly runBefore: string | null;
}

export const prepared = createStore<Prepared>(() => ({ setup: {}, runBefore: null }));

/** Shows a state. Rejects where it needs the service and that cannot be reached. */
export async function prepare(state: PreparedState): Promise<void> {
  const { stage, scene, network: design, data, training: run, planted } = state;
  if (design) chooseNetwork(design);
  if (data) chooseData(data);
  if (run || data) prepareTraining(state);
  if (stage) goTo(stage);
  if (scene) await prepareScene(scene);
  if (planted) await plant(planted);
}

async function prepareScene(scene: NonNullable<PreparedState['scene']>): Promise<void> {
  await showScene(scene);
  const { problem } = convolution.getState();
  if (problem !== null) throw new Error(problem);
}

/** A scene as numbers, without showing it. */
export function resolveInWindow(scene: NonNullable<PreparedState['scene']>): Promise<SceneModel> {
  return resolveScene(scene, sceneSources);
}

/** A figure drawn by the service, as the address of an SVG in this window. */
export async function drawFigure(recipe: FigureRecipe): Promise<string> {
  const { url } = await studio().figure.render({ recipe, format: 'svg', strip: true });
  return URL.createObjectURL(new Blob([await fetchBytes(url)], { type: 'image/svg+xml' }));
}

function chooseNetwork({ model, set }: NonNullable<PreparedState['network']>): void {
  if (model === BUNDLED_MODEL && Object.keys(set).length === 0) chooseWeights(BUNDLED);
  else takeDesign({ entry: model, settings: set, inputSize: '', described: null });
}

function chooseData({ embedded, seed: drawn, samples }: NonNullable<PreparedState['data']>): void {
  chooseEmbedded(embedded, drawn);
  const { reference } = dataset.getState();
  if (samples !== undefined && reference.kind === 'embedded') dataset.setState({ reference: { ...reference, trainCount: samples } });
}

function prepareTraining({ data, training: run }: PreparedState): void {
  const setup = { data, training: run };
  prepared.setState({ setup, runBefore: training.getState().run });
  const { spec } = network.getState();
  if (spec === null || !run) return;
  const { recipe } = trainingConfigOf(spec, setup);
  training.setState({ recipe, seed: seed(run.seed), seeds: {}, choice: 'auto', name: '' });
}

/** Merges the bundled network with a mistake in it, and has it judged. */
async function plant({ fault, block }: NonNullable<PreparedState['planted']>): Promise<void> {
  chooseWeights(BUNDLED);
  const merged = await studio().merge.plant({ weights: BUNDLED, fault, block });
  await judgeMerged(BUNDLED, merged);
}

/** What is shown now, as a state that can be prepared again. */
export function stateNow(): PreparedState {
  const { stage } = navigation.getState();
  const { scene } = convolution.getState();
  const design = currentDesign();
  const { reference } = dataset.getState();
  const data =
    reference.kind === 'embedded' ? { data: { embedded: reference.name, seed: reference.seed, samples: reference.trainCount } } : {};
  const zoo =
    design && design.described === null && design.inputSize === '' ? { network: { model: design.entry, set: { ...design.settings } } } : {};
  return { stage, scene, ...zoo, ...data, hide: [], lock: [] };
}
