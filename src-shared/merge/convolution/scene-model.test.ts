// The matrix of a scene against a convolution written as its defining sums, and against the official merge.
import { describe, expect, it } from 'vitest';
import { conv2d } from '../../../testing/reference64/convolution';
import { readReferenceTensors, referenceCases } from '../../../tests/reference';
import { convolutionScene, type ConvolutionScene, type SceneNorm } from '../../matrix/convolution-scene';
import type { RepMlp } from '../../model/spec';
import { randomFrom, seed } from '../../tensor/random';
import { layerScene } from './layer-scene';
import { equalityOf, linearPart, outputOf, partsOf, sceneModel, shownPart, sizesOf, type SceneModel } from './scene-model';

const random = randomFrom(seed(16));
const normals = (count: number): number[] => Array.from({ length: count }, () => random.normal());
const norm = (O: number): SceneNorm => ({
  gamma: normals(O),
  beta: normals(O),
  mean: normals(O),
  variance: normals(O).map((value) => value * value + 0.1),
  eps: 1e-5,
});

interface Sizes {
  readonly h: number;
  readonly w: number;
  readonly C: number;
  readonly O: number;
  readonly groups: number;
  readonly pad: number;
  readonly stride: number;
}

function randomScene(sizes: Sizes, kernels: readonly (1 | 3 | 5 | 'identity')[], withNorms: boolean): ConvolutionScene {
  const { O, C, groups } = sizes;
  return convolutionScene({
    ...sizes,
    kernels: kernels.map((K) => {
      const own = withNorms ? norm(O) : null;
      if (K === 'identity') return { kind: 'identity', norm: own };
      return { kind: 'weights', K, weight: normals(O * (C / groups) * K * K), norm: own };
    }),
  });
}

const modelOf = (scene: ConvolutionScene, fc: SceneModel['fc'] = null): SceneModel =>
  sceneModel(scene, { picture: Float64Array.from(normals(scene.C * scene.h * scene.w)), fc });

/** The scene's kernel k run directly, without any matrix; its batch norm after it, in the form y = gamma (x - mean) / sqrt(variance + eps) + beta. */
function direct({ scene, sizes, picture }: SceneModel, k: number): Float64Array {
  const { O, C, groups, h, w, pad, stride } = scene;
  const kernel = scene.kernels[k];
  const K = kernel.kind === 'identity' ? 1 : kernel.K;
  const channels = C / groups;
  const identity = Array.from({ length: O * channels }, (_, at) => (Math.floor(at / channels) % channels === at % channels ? 1 : 0));
  const weight = Float64Array.from(kernel.kind === 'identity' ? identity : kernel.weight);
  // Centred in the largest kernel: fewer zeros around, or the border of the picture left out.
  const p = pad - (sizes.K - K) / 2;
  const cut = Math.max(0, -p);
  const x = croppedBy(cut, { data: picture, shape: [1, C, h, w] });
  const window = { stride: [stride, stride], padding: [Math.max(0, p), Math.max(0, p)], dilation: [1, 1], groups } as const;
  const { data } = conv2d(x, { data: weight, shape: [O, channels, K, K] }, null, window);
  const own = kernel.norm;
  if (!own) return data;
  const area = sizes.Ho * sizes.Wo;
  return data.map((value, row) => {
    const o = Math.floor(row / area);
    return (own.gamma[o] * (value - own.mean[o])) / Math.sqrt(own.variance[o] + own.eps) + own.beta[o];
  });
}

function croppedBy(cut: number, x: { data: Float64Array; shape: readonly number[] }): { data: Float64Array; shape: readonly number[] } {
  const [, C, h, w] = x.shape;
  const [H, W] = [h - 2 * cut, w - 2 * cut];
  const data = Float64Array.from({ length: C * H * W }, (_, at) => {
    const [c, y, column] = [Math.floor(at / (H * W)), Math.floor(at / W) % H, at % W];
    return x.data[(c * h + y + cut) * w + column + cut];
  });
  return { data, shape: [1, C, H, W] };
}

/** Both sides are sums of at most a few hundred products of numbers of order one in double precision. */
function expectSame(a: ArrayLike<number>, b: ArrayLike<number>): void {
  expect(a.length).toBe(b.length);
  expect(Math.max(...Array.from(a, (value, k) => Math.abs(value - b[k])))).toBeLessThan(1e-11);
}

const CASES: readonly Sizes[] = [
  { h: 5, w: 5, C: 1, O: 1, groups: 1, pad: 1, stride: 1 },
  { h: 5, w: 7, C: 1, O: 1, groups: 1, pad: 0, stride: 1 },
  { h: 6, w: 4, C: 1, O: 2, groups: 1, pad: 3, stride: 1 },
  { h: 7, w: 7, C: 2, O: 2, groups: 1, pad: 1, stride: 2 },
  { h: 8, w: 5, C: 4, O: 4, groups: 2, pad: 2, stride: 3 },
  { h: 5, w: 6, C: 2, O: 4, groups: 2, pad: 0, stride: 2 },
  { h: 6, w: 5, C: 4, O: 2, groups: 2, pad: 1, stride: 1 },
];

describe.each(CASES)('on $h x $w, $C to $O channels in $groups groups, pad $pad, stride $stride', (sizes) => {
  it('matrix times picture is the convolution, for a 1x1, a 3x3 and a 5x5 kernel', () => {
    for (const K of [1, 3, 5] as const) {
      if (sizes.h + 2 * sizes.pad < K || sizes.w + 2 * sizes.pad < K) continue;
      const model = modelOf(randomScene(sizes, [K], false));
      expectSame(model.output, direct(model, 0));
    }
  });

  it('one matrix is what kernels with batch norms give one by one, added', () => {
    const kernels = sizes.C === sizes.O ? ([5, 3, 1, 'identity'] as const) : ([3, 1] as const);
    if (sizes.h + 2 * sizes.pad < 5 || sizes.w + 2 * sizes.pad < 5) return;
    const model = modelOf({ ...randomScene(sizes, kernels, true), folded: true });
    const sum = kernels.reduce((total, _, k) => {
      const part = direct(model, k);
      return total.map((value, row) => value + part[row]);
    }, new Float64Array(model.sizes.rows));
    expectSame(outputOf(linearPart(model.scene, null, 'whole'), model.picture, model.sizes), sum);
    expectSame(equalityOf(model).apart, sum);
    expect(equalityOf(model).largestDifference).toBeLessThan(1e-11);
  });

  it('an FC beside the kernel is added cell by cell, within its groups', () => {
    const scene = randomScene(sizes, [3], false);
    const { rows, columns, groups } = sizesOf(scene);
    const weight = Float64Array.from(normals((rows * columns) / groups));
    const bias = Float64Array.from(normals(rows));
    const model = modelOf({ ...scene, fc: { kind: 'seeded', seed: seed(1), deviation: 1 } }, { weight, bias });
    const convolved = direct(model, 0);
    // Row r of group g reads the columns of that group alone.
    const expected = convolved.map((value, row) => {
      const [g, own] = [Math.floor(row / (rows / groups)), columns / groups];
      let sum = value + bias[row];
      for (let k = 0; k < own; k++) sum += weight[row * own + k] * model.picture[g * own + k];
      return sum;
    });
    expect(model.shown.part).toBe('whole');
    expectSame(model.output, expected);
  });
});

describe('the parts of a scene', () => {
  const sizes = CASES[0];

  it('a kernel with its batch norm apart has that after its matrix, and gives the same', () => {
    const scene = randomScene(sizes, [3], true);
    const apart = modelOf(scene);
    const folded = sceneModel({ ...scene, folded: true }, apart);
    expect(apart.shown.after).not.toBeNull();
    expect(folded.shown.after).toBeNull();
    expectSame(apart.output, direct(apart, 0));
    expectSame(folded.output, apart.output);
  });

  it('kernels whose batch norms are apart have no sum yet', () => {
    const scene = randomScene(sizes, [3, 1], true);
    expect(partsOf(scene)).toEqual([0, 1]);
    expect(shownPart(scene)).toBe(0);
    expect(partsOf({ ...scene, folded: true })).toEqual(['whole', 0, 1]);
  });

  it('inputs of a wrong length are refused', () => {
    expect(() => sceneModel(convolutionScene(), { picture: new Float64Array(3), fc: null })).toThrow('the picture needs 49 values, got 3');
  });
});

describe('a trained layer as a scene', () => {
  const reference = referenceCases.find(({ id }) => id === 'v1_k135_g4_gp2x2_official_selftest');
  const tensors = readReferenceTensors(reference?.file ?? '');
  const weights = new Map(
    [...tensors].filter(([name]) => name.startsWith('train.')).map(([name, tensor]) => [name.slice('train.'.length), tensor]),
  );
  const layer: RepMlp = {
    kind: 'repmlp',
    name: 'block',
    C: 8,
    O: 8,
    H: 14,
    W: 14,
    h: 7,
    w: 7,
    reduction: 1,
    groups: 4,
    kernels: [1, 3, 5],
    form: 'train',
  };

  it.each([
    { o: 0, c: 0 },
    { o: 3, c: 1 },
    { o: 7, c: 0 },
  ])('its one matrix is the official merge, output $o over input $c', (pair) => {
    const scene = layerScene(convolutionScene(), { layer, path: '', weights }, pair);
    const values = scene.fc?.kind === 'values' ? scene.fc : null;
    const fc = { weight: Float64Array.from(values?.values ?? []), bias: Float64Array.from(values?.bias ?? []) };
    const { matrix, bias } = linearPart(scene, fc, 'whole');
    const official = tensors.get('deploy.fc3.weight')?.data as Float32Array;
    const officialBias = tensors.get('deploy.fc3.bias')?.data as Float32Array;
    // A few float32 roundings of numbers of order one.
    matrix.forEach((value, k) => {
      const [row, column] = [Math.floor(k / 49), k % 49];
      expect(Math.abs(value - official[(pair.o * 49 + row) * 98 + pair.c * 49 + column])).toBeLessThan(2e-6);
    });
    bias.forEach((value, row) => expect(Math.abs(value - officialBias[pair.o * 49 + row])).toBeLessThan(2e-6));
  });

  it('channels that the block does not have are refused', () => {
    expect(() => layerScene(convolutionScene(), { layer, path: 'block', weights }, { o: 8, c: 0 })).toThrow(
      "block 'block' has 8 output channels that read 2 input channels each, counted from 0; got output 8, input 0",
    );
  });
});
