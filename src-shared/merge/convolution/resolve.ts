// What a scene refers to by name, read: samples of the embedded data sets, seeded numbers, and a layer of a network. Invariant: the
// resolved scene refers to nothing but its picture; everything that is computed is computed from what is returned here.
import { UserError } from '../../base/user-error';
import type { ConvolutionScene } from '../../matrix/convolution-scene';
import type { LoadDigits } from '../../dataset/digits';
import { openEmbedded } from '../../dataset/embedded/embedded';
import { randomFrom, seed } from '../../tensor/random';
import { layerScene, type TrainedBlock } from './layer-scene';
import { drawnPicture, shrunkPicture } from './pictures';
import { sceneModel, sizesOf, type SceneFc, type SceneModel } from './scene-model';

/** Where what is named is read from. */
export interface SceneSources {
  readonly loadDigits: LoadDigits;
  /** A block of the network that comes with the program. */
  readonly loadBlock: (path: string) => Promise<TrainedBlock>;
}

/** The scene as numbers. Rejects where a source does, and with UserError for samples and layers that do not exist. */
export async function resolveScene(asked: ConvolutionScene, sources: SceneSources): Promise<SceneModel> {
  const scene = await sceneOfLayer(asked, sources.loadBlock);
  return sceneModel(scene, { picture: await pictureOf(scene, sources), fc: fcOf(scene) });
}

/** The scene without a layer by name: its values stand in it. */
export async function sceneOfLayer(scene: ConvolutionScene, loadBlock: SceneSources['loadBlock']): Promise<ConvolutionScene> {
  if (scene.fc?.kind !== 'layer') return scene;
  return layerScene(scene, await loadBlock(scene.fc.block), scene.fc);
}

async function pictureOf(scene: ConvolutionScene, { loadDigits }: SceneSources): Promise<Float64Array> {
  const { picture } = scene;
  if (picture.kind === 'values') return Float64Array.from(picture.values);
  if (picture.kind === 'drawn') return drawnPicture(picture.name, scene);
  const { train } = openEmbedded({ kind: 'embedded', name: picture.of, seed: seed(picture.seed) }, loadDigits);
  if (picture.index >= train.count) throw new UserError(`${picture.of} has ${train.count} samples, counted from 0; got ${picture.index}`);
  const [sample] = await train.read([picture.index]);
  return shrunkPicture(sample, scene);
}

function fcOf(scene: ConvolutionScene): SceneFc | null {
  const { fc } = scene;
  if (fc === null) return null;
  const { rows, columns, groups } = sizesOf(scene);
  if (fc.kind === 'values') return { weight: Float64Array.from(fc.values), bias: Float64Array.from(fc.bias ?? new Float64Array(rows)) };
  if (fc.kind === 'layer') throw new RangeError('a layer by name has to be read first');
  const random = randomFrom(seed(fc.seed));
  const weight = Float64Array.from({ length: (rows * columns) / groups }, () => Math.round(100 * fc.deviation * random.normal()) / 100);
  return { weight, bias: new Float64Array(rows) };
}
