// Changes of a convolution scene that keep it whole: when its sizes change, kernels and a painted picture are fitted to them.
// Invariant: what comes out is parsed again, so that a change that makes no scene is refused in the schema's words.
import type { z } from 'zod';
import { UserError } from '../../base/user-error';
import {
  convolutionSceneSchema,
  largestKernel,
  outputSizeOf,
  type ConvolutionScene,
  type SceneKernel,
  type SceneNorm,
} from '../../matrix/convolution-scene';

type Sizes = Pick<ConvolutionScene, 'C' | 'O' | 'groups' | 'h' | 'w'>;
/** Fields to change; a place that is followed is moved to where it exists. */
export type SceneChange = Partial<Omit<ConvolutionScene, 'version'>>;

/** The scene with these fields changed and the rest fitted. Throws UserError where that makes no scene. */
export function changedScene(scene: ConvolutionScene, change: SceneChange): ConvolutionScene {
  const wanted = { ...scene, ...change };
  const fitted = {
    ...wanted,
    kernels: change.kernels ?? scene.kernels.map((kernel) => fittedKernel(kernel, scene, wanted)),
    picture: change.picture ?? fittedPicture(scene, wanted),
    fc: change.fc === undefined && sameMatrix(scene, wanted) ? scene.fc : (change.fc ?? null),
  };
  const matrix = fitted.fc === null && fitted.matrix === 'fc' ? 'whole' : fitted.matrix;
  const known = typeof matrix === 'number' && matrix >= fitted.kernels.length ? 'whole' : matrix;
  const whole = { ...fitted, matrix: known };
  if (change.follow) return parsed(whole);
  // What was followed may be gone: then it is the window in the middle.
  return convolutionSceneSchema.safeParse(whole).data ?? parsed({ ...whole, follow: undefined });
}

/** The scene with other kernels, and as many zeros around as keep every window's middle where it was. Throws UserError as `changedScene` does. */
export function withKernels(scene: ConvolutionScene, kernels: readonly SceneKernel[]): ConvolutionScene {
  const more = (largestKernel({ kernels: [...kernels] }) - largestKernel(scene)) / 2;
  return changedScene(scene, { kernels: [...kernels], pad: Math.max(0, scene.pad + more), matrix: 'whole' });
}

/** Whether an FC of numbers still fits; seeded and named ones always do. */
function sameMatrix(a: ConvolutionScene, b: ConvolutionScene): boolean {
  if (a.fc?.kind !== 'values') return true;
  const sizes = ['C', 'O', 'groups', 'h', 'w'] as const;
  const [before, after] = [outputSizeOf(a), outputSizeOf(b)];
  return sizes.every((name) => a[name] === b[name]) && before.Ho === after.Ho && before.Wo === after.Wo;
}

/** A scene, read again. Throws UserError with what is wrong. */
export function parsed(scene: unknown): ConvolutionScene {
  const { success, data, error } = convolutionSceneSchema.safeParse(scene);
  if (success) return data;
  throw new UserError(sceneProblem(error));
}

/** The first problem of a scene as one sentence. */
export function sceneProblem({ issues: [first] }: z.ZodError): string {
  return `${first.path.join('.') || 'the scene'} ${first.message}`;
}

function fittedKernel(kernel: SceneKernel, from: Sizes, to: Sizes): SceneKernel {
  const norm = kernel.norm && fittedNorm(kernel.norm, to.O);
  if (kernel.kind === 'identity') return { ...kernel, norm };
  const [channels, before] = [to.C / to.groups, from.C / from.groups];
  // What cannot be divided is refused when the scene is read again.
  if (!Number.isInteger(channels)) return { ...kernel, norm };
  const area = kernel.K * kernel.K;
  const weight = Array.from({ length: to.O * channels * area }, (_, at) => {
    const [o, c] = [Math.floor(at / (channels * area)), Math.floor(at / area) % channels];
    return kernel.weight[((o % from.O) * before + (c % before)) * area + (at % area)];
  });
  return { ...kernel, weight, norm };
}

function fittedNorm({ gamma, beta, mean, variance, eps }: SceneNorm, O: number): SceneNorm {
  const fit = (values: readonly number[]): number[] => Array.from({ length: O }, (_, o) => values[o % values.length]);
  return { gamma: fit(gamma), beta: fit(beta), mean: fit(mean), variance: fit(variance), eps };
}

/** A painted picture on another map: each pixel the nearest one there was. */
function fittedPicture(from: ConvolutionScene, to: Sizes): ConvolutionScene['picture'] {
  const { picture } = from;
  if (picture.kind !== 'values' || (from.C === to.C && from.h === to.h && from.w === to.w)) return picture;
  const values = Array.from({ length: to.C * to.h * to.w }, (_, at) => {
    const [c, a, b] = [Math.floor(at / (to.h * to.w)), Math.floor(at / to.w) % to.h, at % to.w];
    const [y, x] = [Math.floor(((a + 0.5) * from.h) / to.h), Math.floor(((b + 0.5) * from.w) / to.w)];
    return picture.values[((c % from.C) * from.h + y) * from.w + x];
  });
  return { ...picture, values };
}
