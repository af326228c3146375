// What the stage shows: the scene, its numbers, and how it plays. Everything that changes it goes through here. Invariant: the model
// on screen is one scene's, whole; what makes no scene is refused with an error and nothing changes.
import { largestOf } from '@shared/base/extremes';
import { z } from 'zod';
import { messageOf } from '@shared/base/message-of';
import {
  convolutionScene,
  convolutionSceneSchema,
  kernelSize,
  type Chapter,
  type ConvolutionScene,
  type Followed,
  type SceneKernel,
} from '@shared/matrix/convolution-scene';
import { changedScene, withKernels, type SceneChange } from '@shared/merge/convolution/edit';
import { countOf, followedAt, indexOfFollowed, nearestFollowed } from '@shared/merge/convolution/positions';
import { resolveScene } from '@shared/merge/convolution/resolve';
import { linearPart, sceneModel, shownPart, sizesOf, type SceneModel } from '@shared/merge/convolution/scene-model';
import { keepView } from '../../studio/kept-view';
import { createStore } from '../../studio/state';
import { chapterScene } from './chapters';
import { asKind } from './moves';
import { sceneSources } from './sources';

/** What pressing on the input does. */
export type Tool = 'follow' | 'paint';

export interface Shown {
  /** As it was asked for: what it names is not yet read. */
  readonly scene: ConvolutionScene;
  /** The scene as numbers; null until it was first read. */
  readonly model: SceneModel | null;
  /** Why the scene asked for is not shown. */
  readonly problem: string | null;
  readonly playing: boolean;
  readonly tool: Tool;
  /** The value that is painted. */
  readonly ink: number;
  /** Which kernel is edited, by its place. */
  readonly edited: number;
}

export const shown = createStore<Shown>(() => ({
  scene: chapterScene('window'),
  model: null,
  problem: null,
  playing: false,
  tool: 'follow',
  ink: 9,
  edited: 0,
}));

keepView('convolution', shown, z.object({ scene: convolutionSceneSchema }), {
  says: 'the scene',
  show: ({ scene }) => showScene(scene),
  moves: () => shown.getState().playing,
});

let asked = 0;

/** Shows a scene, as a lesson prepares it. What it names is read first; the last one asked for is shown. */
export async function showScene(scene: ConvolutionScene): Promise<void> {
  const own = ++asked;
  shown.setState({ scene, problem: null, playing: false, tool: 'follow' });
  await readScene(scene, own);
  const { model } = shown.getState();
  if (own === asked && model) shown.setState({ edited: largestPlace(model.scene) });
}

async function readScene(scene: ConvolutionScene, own: number): Promise<void> {
  try {
    const model = await resolveScene(scene, sceneSources);
    if (own === asked) shown.setState({ model, problem: null });
  } catch (error) {
    if (own === asked) shown.setState({ problem: messageOf(error) });
  }
}

/** The place of the largest kernel. */
function largestPlace({ kernels }: ConvolutionScene): number {
  const sizes = kernels.map(kernelSize);
  return sizes.indexOf(largestOf(sizes));
}

/** Reads the scene that stands in the store, where it was not yet: after a reload, or once the service can be reached. */
export function readShown(): Promise<void> {
  const { model, scene, problem } = shown.getState();
  return model && problem === null ? Promise.resolve() : readScene(scene, ++asked);
}

/** Shows a scene of JSON. Throws ZodError where it is none. */
export function showWrittenScene(written: Parameters<typeof convolutionScene>[0]): Promise<void> {
  return showScene(convolutionScene(written));
}

/** Begins a chapter with its own scene. */
export function goToChapter(chapter: Chapter): Promise<void> {
  return showScene(chapterScene(chapter));
}

/** Changes the scene. Throws UserError where that makes none; what it names is read before it is shown. */
export function changeScene(change: SceneChange): void {
  const { scene, model } = shown.getState();
  if (model && onlyFollows(change)) return refollow(model, change);
  // A layer that was read by name is changed as the numbers it is.
  const whole = scene.fc?.kind === 'layer' && model ? model.scene : scene;
  const changed = changedScene(whole, change);
  shown.setState({ scene: changed, problem: null });
  if (model && keepsInputs(change, model, changed)) shown.setState({ model: sceneModel(changed, model) });
  else void readScene(changed, ++asked);
}

/** Changes that leave every number as it is. */
function onlyFollows(change: SceneChange): boolean {
  return Object.keys(change).every((name) => ['follow', 'unfolded', 'chapter'].includes(name));
}

/** Follows something else in the same numbers: nothing is read or computed again. */
function refollow(model: SceneModel, change: SceneChange): void {
  const followed = change.follow ? nearestFollowed(model, change.follow) : model.scene.follow;
  const own = { ...change, follow: followed };
  shown.setState(({ scene }) => ({ scene: { ...scene, ...own }, model: { ...model, scene: { ...model.scene, ...own } } }));
}

/** Changes of the kernels and of what is shown, where the output keeps its size: picture and FC are the same numbers. */
function keepsInputs(change: SceneChange, { sizes }: SceneModel, after: ConvolutionScene): boolean {
  const { rows } = sizesOf(after);
  return rows === sizes.rows && Object.keys(change).every((name) => ['kernels', 'matrix', 'folded', 'follow'].includes(name));
}

/** Shows another part in the middle; a weight that is followed stays within its kernel. */
export function showPart(matrix: ConvolutionScene['matrix']): void {
  const { model } = shown.getState();
  if (!model) return;
  const scene = { ...model.scene, matrix };
  const next = { ...model, scene, shown: linearPart(scene, model.fc, shownPart(scene)) };
  changeScene({ matrix, follow: nearestFollowed(next, scene.follow) });
  if (typeof matrix === 'number') shown.setState({ edited: matrix });
}

/** Follows something; stops playing, unless it is the play that goes on. */
export function follow(followed: Followed, { goesOn = false } = {}): void {
  if (!goesOn && shown.getState().playing) shown.setState({ playing: false });
  changeScene({ follow: followed });
}

/** Moves on by `by` places in the order of the matrix, around its end. */
export function step(by: number, options?: { readonly goesOn: boolean }): void {
  const { model } = shown.getState();
  if (!model) return;
  const { follow: followed } = model.scene;
  const count = countOf(model, followed.kind);
  const index = (indexOfFollowed(model, followed) + by + count) % count;
  follow(followedAt(model, followed.kind, index), options);
}

/** Follows another kind of thing, near what is followed now. */
export function followKind(kind: Followed['kind']): void {
  const { model } = shown.getState();
  if (model && model.scene.follow.kind !== kind) follow(asKind(model, kind));
}

/** Takes up the brush, and then follows pixels, or puts it down. */
export function takeTool(tool: Tool): void {
  shown.setState({ tool });
  if (tool === 'paint') followKind('pixel');
}

/** Sets one pixel of the input. */
export function paint(column: number): void {
  const { model, ink } = shown.getState();
  if (!model || model.picture[column] === ink) return;
  const values = Array.from(model.picture, (value, at) => (at === column ? ink : value));
  changeScene({ picture: { kind: 'values', values } });
}

/** Adds a kernel, or takes the last one away. Throws UserError where that makes no scene. */
export function changeKernels(kernels: readonly SceneKernel[]): void {
  const { model } = shown.getState();
  if (!model) return;
  const { pad, matrix } = withKernels(model.scene, kernels);
  changeScene({ kernels: [...kernels], pad, matrix });
}

/** Sets one weight of the edited kernel, by its place in the array. */
export function setWeight(kernel: number, at: number, value: number): void {
  const { model } = shown.getState();
  if (!model) return;
  const kernels = model.scene.kernels.map((one, k) =>
    k === kernel && one.kind === 'weights' ? { ...one, weight: one.weight.map((old, place) => (place === at ? value : old)) } : one,
  );
  changeScene({ kernels });
}
