// The state of the stage "a convolution is a sparse matrix" as plain JSON: a picture, kernels that are added, padding, stride,
// channels, groups, batch norms, a fully-connected layer beside them, and what is followed. Whether it plays is no part of it.
// Invariant: a parsed scene has arrays of the lengths that its sizes ask for, and what it follows exists.
import { largestOf } from '../base/extremes';
import { z } from 'zod';
import { LARGEST_SEED, seed } from '../tensor/random';

/** Most cells of the matrix: a cell of 512 x 512 is still a pixel. */
const MOST_CELLS = 2 ** 18;

/** The parts of the story, in order. */
export const CHAPTERS = [
  'window',
  'weight',
  'pixel',
  'pad',
  'stride',
  'channels',
  'groups',
  'kernels',
  'batch-norm',
  'fc',
  'fold',
] as const;
export type Chapter = (typeof CHAPTERS)[number];

/** Pictures drawn by the program itself; channel c of a scene gets the one c places after the named one. */
export const DRAWN_PICTURES = ['ring', 'cross', 'steps', 'corner'] as const;
/** Embedded data sets that a picture can be taken from. */
export const SAMPLE_SETS = ['shapes', 'digits', 'faces', 'streets'] as const;
/** Values of a picture that was not given as numbers: whole, from 0 (black) to this (white), so that sums can be done in the head. */
export const WHITE = 9;

const place = z.number().int().min(0);
const value = z.number().min(-1e6).max(1e6);
const seedField = z.number().int().min(0).max(LARGEST_SEED).transform(seed);

const pictureSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('drawn'), name: z.enum(DRAWN_PICTURES) }),
  /** A sample's pixels, averaged down to h x w and rounded to 0..WHITE; channels are red, green, blue, and then grey. */
  z.strictObject({ kind: z.literal('sample'), of: z.enum(SAMPLE_SETS), index: place.max(999), seed: seedField.default(seed(1)) }),
  /** (C, h, w), row-major; `from` says in words where they come from, for instance a file's name. */
  z.strictObject({ kind: z.literal('values'), values: z.array(value), from: z.string().max(200).optional() }),
]);

/** A batch norm after a kernel, in eval mode; every array has O values. */
const normSchema = z.strictObject({
  gamma: z.array(value),
  beta: z.array(value),
  mean: z.array(value),
  variance: z.array(value.min(0)),
  eps: z.number().gt(0).max(1).default(1e-5),
});

const kernelSchema = z.discriminatedUnion('kind', [
  /** weight: (O, C/groups, K, K), row-major. */
  z.strictObject({
    kind: z.literal('weights'),
    K: z.union([z.literal(1), z.literal(3), z.literal(5)]),
    weight: z.array(value),
    norm: normSchema.nullable().default(null),
  }),
  /** The input passed on, channel by channel: O = C. */
  z.strictObject({ kind: z.literal('identity'), norm: normSchema.nullable().default(null) }),
]);

const fcSchema = z.discriminatedUnion('kind', [
  /** (O*Ho*Wo, (C/groups)*h*w), row-major, its batch norm folded in, and a bias for every row where it has one. */
  z.strictObject({
    kind: z.literal('values'),
    values: z.array(value),
    bias: z.array(value).optional(),
    from: z.string().max(200).optional(),
  }),
  /** Normal numbers rounded to hundredths. */
  z.strictObject({ kind: z.literal('seeded'), seed: seedField, deviation: z.number().min(0).max(100) }),
  /** Output channel o over input channel c of a block of the network that comes with the program: its sizes, FC3 and branches replace the scene's. */
  z.strictObject({ kind: z.literal('layer'), block: z.string().max(200), o: place, c: place }),
]);

const followedSchema = z.discriminatedUnion('kind', [
  /** An output position: the window over the picture, a row. */
  z.strictObject({ kind: z.literal('window'), o: place, i: place, j: place }),
  /** A weight of the kernel that the matrix shows: its diagonals. */
  z.strictObject({ kind: z.literal('weight'), o: place, c: place, u: place, v: place }),
  /** An input pixel: a column. `c` counts all input channels. */
  z.strictObject({ kind: z.literal('pixel'), c: place, a: place, b: place }),
  /** One cell: from an input pixel to an output position. `c` counts all input channels. */
  z.strictObject({ kind: z.literal('cell'), o: place, i: place, j: place, c: place, a: place, b: place }),
]);

/** What the matrix in the middle is of: all that is added, the kernels' sum, the FC alone, or one kernel by its place in `kernels`. */
const shownMatrixSchema = z.union([z.enum(['whole', 'kernels', 'fc']), place]);

const ONE_WEIGHT: readonly z.input<typeof kernelSchema>[] = [{ kind: 'weights', K: 3, weight: [0, -1, 0, -1, 4, -1, 0, -1, 0] }];

const sceneFields = z.strictObject({
  version: z.literal(1).default(1),
  chapter: z.enum(CHAPTERS).default('window'),
  picture: pictureSchema.default({ kind: 'drawn', name: 'ring' }),
  /** Height and width of the input. */
  h: z.number().int().min(2).max(14).default(7),
  w: z.number().int().min(2).max(14).default(7),
  /** Input channels, output channels, groups. */
  C: z.number().int().min(1).max(4).default(1),
  O: z.number().int().min(1).max(4).default(1),
  groups: z.number().int().min(1).max(4).default(1),
  /** All run on the same input, and their outputs are added. */
  kernels: z
    .array(kernelSchema)
    .min(1)
    .max(4)
    .default([...ONE_WEIGHT].map((kernel) => kernelSchema.parse(kernel))),
  /** Zeros around the input for the largest kernel; smaller ones are centred in it. */
  pad: z.number().int().min(0).max(4).default(1),
  stride: z.number().int().min(1).max(4).default(1),
  /** Whether the batch norms are inside the kernels, or done after them. */
  folded: z.boolean().default(false),
  fc: fcSchema.nullable().default(null),
  matrix: shownMatrixSchema.default('whole'),
  /** Left out: the window in the middle. */
  follow: followedSchema.optional(),
  /** How far the six axes are folded into the matrix: 0 the tensor, 1 the matrix. */
  unfolded: z.number().min(0).max(1).default(1),
});

type SceneFields = z.infer<typeof sceneFields>;

/** Size of the largest kernel; an identity is a kernel of one cell. */
export function largestKernel({ kernels }: Pick<SceneFields, 'kernels'>): number {
  return largestOf(kernels.map(kernelSize));
}

export function kernelSize(kernel: SceneFields['kernels'][number]): number {
  return kernel.kind === 'identity' ? 1 : kernel.K;
}

/** Height and width of the output: floor((h + 2 pad - K) / stride) + 1. Below 1 where the kernel does not fit. */
export function outputSizeOf(scene: Pick<SceneFields, 'h' | 'w' | 'pad' | 'stride' | 'kernels'>): {
  readonly Ho: number;
  readonly Wo: number;
} {
  const along = (size: number): number => Math.floor((size + 2 * scene.pad - largestKernel(scene)) / scene.stride) + 1;
  return { Ho: along(scene.h), Wo: along(scene.w) };
}

/** What is wrong with a scene whose fields are each right: where, and a sentence. */
type Problem = readonly [path: readonly (string | number)[], message: string];

function sizeProblems(scene: SceneFields): Problem[] {
  const { C, O, groups, h, w, pad, fc } = scene;
  const { Ho, Wo } = outputSizeOf(scene);
  const K = largestKernel(scene);
  const problems: Problem[] = [];
  if (C % groups !== 0 || O % groups !== 0)
    problems.push([['groups'], `must divide ${C} input and ${O} output channels, but is ${groups}`]);
  if (Ho < 1 || Wo < 1) problems.push([['pad'], `a ${K}x${K} kernel does not fit on ${h}x${w} with ${pad} zeros around: make pad larger`]);
  else if (fc?.kind !== 'layer' && O * Ho * Wo * C * h * w > MOST_CELLS)
    problems.push([['h'], `makes a matrix of ${O * Ho * Wo} x ${C * h * w}, more than ${MOST_CELLS} cells: make the picture smaller`]);
  return problems;
}

function lengthProblem(path: Problem[0], values: readonly number[], length: number, shape: string): Problem[] {
  return values.length === length ? [] : [[path, `needs ${length} values, ${shape}, but has ${values.length}`]];
}

function kernelProblems({ kernels, C, O, groups }: SceneFields): Problem[] {
  return kernels.flatMap((kernel, k): Problem[] => {
    const problems = normProblems(kernel.norm, O, ['kernels', k, 'norm']);
    if (kernel.kind === 'identity')
      return O === C
        ? problems
        : [...problems, [['kernels', k], `an identity needs as many outputs as inputs, but there are ${O} and ${C}`]];
    const { K, weight } = kernel;
    return [...problems, ...lengthProblem(['kernels', k, 'weight'], weight, O * (C / groups) * K * K, '(O, C/groups, K, K)')];
  });
}

function normProblems(norm: z.infer<typeof normSchema> | null, O: number, path: Problem[0]): Problem[] {
  if (norm === null) return [];
  const { gamma, beta, mean, variance } = norm;
  return Object.entries({ gamma, beta, mean, variance }).flatMap(([name, values]) =>
    lengthProblem([...path, name], values, O, 'one an output channel'),
  );
}

function valueProblems(scene: SceneFields): Problem[] {
  const { picture, fc, C, O, groups, h, w } = scene;
  const { Ho, Wo } = outputSizeOf(scene);
  const ofPicture = picture.kind === 'values' ? lengthProblem(['picture', 'values'], picture.values, C * h * w, '(C, h, w)') : [];
  if (fc?.kind !== 'values') return ofPicture;
  const rows = O * Ho * Wo;
  const ofFc = lengthProblem(['fc', 'values'], fc.values, (rows * C * h * w) / groups, '(O*Ho*Wo, (C/groups)*h*w)');
  const ofBias = fc.bias ? lengthProblem(['fc', 'bias'], fc.bias, rows, 'O*Ho*Wo') : [];
  return [...ofPicture, ...ofFc, ...ofBias];
}

function followProblems(scene: SceneFields): Problem[] {
  const { matrix, kernels, fc, follow, O, C, groups, h, w } = scene;
  // What a layer brings with it is not known here; the view goes to the nearest place there is.
  if (fc?.kind === 'layer') return [];
  const problems: Problem[] = [];
  if (typeof matrix === 'number' && matrix >= kernels.length)
    problems.push([['matrix'], `is kernel ${matrix}, but the scene has ${kernels.length}, counted from 0`]);
  if (matrix === 'fc' && fc === null) problems.push([['matrix'], 'is the FC, but the scene has none']);
  const { Ho, Wo } = outputSizeOf(scene);
  const K = typeof matrix === 'number' && matrix < kernels.length ? kernelSize(kernels[matrix]) : largestKernel(scene);
  const limits = { o: O, i: Ho, j: Wo, c: follow?.kind === 'weight' ? C / groups : C, a: h, b: w, u: K, v: K };
  for (const [name, at] of Object.entries(follow ?? {}))
    if (name in limits && Number(at) >= limits[name as keyof typeof limits])
      problems.push([['follow', name], `must be below ${limits[name as keyof typeof limits]}, but is ${at}`]);
  return problems;
}

/** The whole state, with defaults for what is left out. Problems name the field, what it needs and what it has. */
export const convolutionSceneSchema = sceneFields
  .superRefine((scene, context) => {
    const first = sizeProblems(scene);
    const problems = first.length > 0 ? first : [...kernelProblems(scene), ...valueProblems(scene), ...followProblems(scene)];
    for (const [path, message] of problems) context.addIssue({ code: 'custom', path: [...path], message });
  })
  .transform((scene) => ({ ...scene, follow: scene.follow ?? middleWindow(scene) }));

function middleWindow(scene: SceneFields): z.infer<typeof followedSchema> {
  const { Ho, Wo } = outputSizeOf(scene);
  return { kind: 'window', o: 0, i: Ho >> 1, j: Wo >> 1 };
}

export type ConvolutionScene = Readonly<z.output<typeof convolutionSceneSchema>>;
/** A scene as it is written: what has a default may be left out. */
export type WrittenScene = z.input<typeof convolutionSceneSchema>;
export type SceneKernel = ConvolutionScene['kernels'][number];
export type SceneNorm = z.infer<typeof normSchema>;
export type Followed = ConvolutionScene['follow'];
export type ScenePicture = ConvolutionScene['picture'];

/** A scene with these fields and else the defaults. Throws ZodError, whose issues name field, need and finding. */
export function convolutionScene(written: WrittenScene = {}): ConvolutionScene {
  return convolutionSceneSchema.parse(written);
}
