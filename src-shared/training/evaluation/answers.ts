// What a network says of samples: scores (classes, places), class after class, with one place for a picture
// and one for each pixel of a scene at the scene's own size. Scenes are given to it whole, resized to its
// input, or in sliding windows of that size.
import type { Sample, SampleSource } from '../../dataset/dataset';
import type { TrainingSession } from '../loop/session';
import { imageBatch } from '../batches/batch';
import { type Size, fitTo, resizePlane } from '../../dataset/pixels/geometry';
import { slidingAnswer } from './sliding';

/** How scenes are given to the network. */
export const SCENE_VIEWS = ['whole', 'sliding'] as const;
export type SceneView = (typeof SCENE_VIEWS)[number];

/** Scores of one sample; those of class k at place i stand at k * places + i. */
export interface Answer {
  readonly scores: Float32Array;
  readonly classes: number;
  readonly places: number;
}

export interface AnswerOptions {
  /** The network's input size. */
  readonly input: Size;
  readonly view: SceneView;
  /** Factor on the scores: AM-Softmax's s. */
  readonly scale: number;
}

type Predictor = Pick<TrainingSession, 'predict'>;

/**
 * Pixels that are run through a network at once: 128 pictures of 64x64. More would not be faster, and the activations
 * of scenes would not fit in memory.
 */
const MOST_PIXELS = 128 * 64 * 64;

/** How many samples of a source are run at once: `asked`, or fewer where they are large. */
export function batchOf(source: SampleSource, input: Size, asked: number): number {
  const own = source.task === 'segmentation' ? source.image.height * source.image.width : 0;
  return Math.max(1, Math.min(asked, Math.floor(MOST_PIXELS / Math.max(own, input.height * input.width))));
}

/** The answers for samples of one source, in order. */
export async function answersOf(
  predictor: Predictor,
  samples: readonly Sample[],
  source: SampleSource,
  options: AnswerOptions,
): Promise<Answer[]> {
  if (source.task !== 'segmentation' || options.view === 'whole') return wholeAnswers(predictor, samples, source, options);
  const answers: Answer[] = [];
  for (const sample of samples) answers.push(await windowsAnswer(predictor, sample, source, options.input));
  return answers;
}

async function wholeAnswers(
  predictor: Predictor,
  samples: readonly Sample[],
  source: SampleSource,
  { input, scale }: AnswerOptions,
): Promise<Answer[]> {
  const { images, shape } = imageBatch(
    samples.map((sample) => fitTo(sample, input)),
    source,
  );
  const output = await predictor.predict(images, shape);
  const length = output.length / samples.length;
  return samples.map((sample, n) => {
    const scores = output.subarray(n * length, (n + 1) * length);
    if (typeof sample.label !== 'number') return sceneAnswer(scores, sample, input);
    return { scores: scale === 1 ? scores : scores.map((score) => score * scale), classes: length, places: 1 };
  });
}

/** Scores (classes, h, w) at the network's input size, interpolated to the scene's own. */
function sceneAnswer(scores: Float32Array, scene: Sample, input: Size): Answer {
  const plane = input.height * input.width;
  const classes = scores.length / plane;
  const places = scene.height * scene.width;
  if (scene.height === input.height && scene.width === input.width) return { scores, classes, places };
  const own = new Float32Array(classes * places);
  for (let k = 0; k < classes; k++) own.set(resizePlane(scores.subarray(k * plane, (k + 1) * plane), input, scene), k * places);
  return { scores: own, classes, places };
}

async function windowsAnswer(predictor: Predictor, scene: Sample, source: SampleSource, input: Size): Promise<Answer> {
  const { images } = imageBatch([scene], source);
  const { channels, height, width } = scene;
  const atOnce = Math.max(1, Math.floor(MOST_PIXELS / (input.height * input.width)));
  const predict: Predictor['predict'] = (windows, shape) => predictor.predict(windows, shape);
  const scores = await slidingAnswer({ channels, height, width, values: images }, input, atOnce, predict);
  const places = height * width;
  return { scores, classes: scores.length / places, places };
}
