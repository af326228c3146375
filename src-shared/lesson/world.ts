// What lessons know of the app: a plain picture of its state, made by the window from its stores and by the headless player from
// what it computes itself. Invariant: values that lessons check are computed from this and nothing else.
import { convolutionScene, type ConvolutionScene } from '../matrix/convolution-scene';
import type { SceneModel } from '../merge/convolution/scene-model';
import type { WeightedNetwork } from '../merge/merge-network';
import type { VerifyReport } from '../merge/report';
import type { EmbeddedReference } from '../dataset/embedded/embedded';
import type { NetworkSpec } from '../model/spec';
import { buildModel } from '../model/zoo';
import { seed } from '../tensor/random';
import type { TrainingConfig } from '../training/recipe/recipe';
import { recipe, SHORT_RECIPES } from '../training/recipe/recipes';
import type { LessonStage } from './parts';
import { mergeWithFault } from './planted';
import type { GivenState, PreparedState } from './prepared-state';

export interface World {
  readonly stage: LessonStage;
  /** The convolution stage's scene as numbers; null while it is not read yet. */
  readonly scene: SceneModel | null;
  readonly network: WorldNetwork;
  /** The verdict on the last merge; null while there is none. */
  readonly verdict: VerifyReport | null;
  readonly training: WorldTraining | null;
  /** What the next training starts with, as far as a lesson prepared it. */
  readonly setup: Pick<PreparedState, 'data' | 'training'>;
}

export interface WorldNetwork {
  /** In the form its weights hold it; null where it is not known. */
  readonly spec: NetworkSpec | null;
  /** Where its weights come from. */
  readonly weights: 'none' | 'bundled' | 'run' | 'file';
  /** Name of the file; null where they are of none. */
  readonly file: string | null;
  /** Blocks of other families that were found in it. */
  readonly groups: number;
}

export interface WorldTraining {
  readonly state: string;
  /** Finished epochs. */
  readonly epochs: number;
  /** The validation metric after the last epoch, 0 to 1; null before. */
  readonly metric: number | null;
}

/** What has to be computed or read for a world, by the host that shows it or plays without a window. Rejects with UserError. */
export interface Laboratory {
  scene(scene: ConvolutionScene): Promise<SceneModel>;
  /** The network that comes with the program. */
  bundled(): Promise<WeightedNetwork>;
  verdict(train: WeightedNetwork, merged: WeightedNetwork): Promise<VerifyReport>;
}

/** The name under which the network with weights comes along. */
export const BUNDLED_MODEL = 'pure-mlp-small';

/** The app as it opens. */
export async function openedWorld({ scene }: Pick<Laboratory, 'scene'>): Promise<World> {
  const network = chosenNetwork({ model: BUNDLED_MODEL, set: {} });
  return { stage: 'home', scene: await scene(convolutionScene()), network, verdict: null, training: null, setup: {} };
}

/** The world that a question is about: as it is, but for scene and network. A verdict on another network is gone. */
export async function givenWorld(world: World, { scene, network }: GivenState, laboratory: Pick<Laboratory, 'scene'>): Promise<World> {
  return {
    ...world,
    scene: scene ? await laboratory.scene(scene) : world.scene,
    ...(network && { network: chosenNetwork(network), verdict: null }),
  };
}

/** The world after a state was prepared. */
export async function preparedWorld(world: World, state: PreparedState, laboratory: Laboratory): Promise<World> {
  const { stage = world.stage, planted, training = world.setup.training, data = world.setup.data } = state;
  const network = planted ? { model: BUNDLED_MODEL, set: {} } : state.network;
  const given = await givenWorld(world, { ...state, network }, laboratory);
  return {
    ...given,
    stage,
    verdict: planted ? await plantedVerdict(planted, laboratory) : given.verdict,
    training: state.training ? null : world.training,
    setup: { data, training },
  };
}

async function plantedVerdict({ fault, block }: NonNullable<PreparedState['planted']>, laboratory: Laboratory): Promise<VerifyReport> {
  const bundled = await laboratory.bundled();
  return laboratory.verdict(bundled, mergeWithFault(bundled, fault, block));
}

function chosenNetwork({ model, set }: NonNullable<PreparedState['network']>): WorldNetwork {
  const bundled = model === BUNDLED_MODEL && Object.keys(set).length === 0;
  return { spec: buildModel(model, set), weights: bundled ? 'bundled' : 'none', file: null, groups: 0 };
}

/** The embedded data that a lesson prepared; shapes where it prepared none. */
export function embeddedData({
  embedded = 'shapes',
  seed: drawn = 1,
  samples,
}: Partial<NonNullable<PreparedState['data']>> = {}): EmbeddedReference {
  return { kind: 'embedded', name: embedded, seed: seed(drawn), ...(samples !== undefined && { trainCount: samples }) };
}

/** What the next training of a lesson is: the network, embedded data, the short recipe of its task. */
export function trainingConfigOf(spec: NetworkSpec, { data, training }: World['setup']): TrainingConfig {
  const short = recipe(SHORT_RECIPES[spec.task]);
  return {
    spec,
    dataset: embeddedData(data),
    recipe: { ...short, epochs: training?.epochs ?? short.epochs },
    seed: seed(training?.seed ?? 1),
    backend: 'auto',
  };
}
