// The story: a chapter is a scene with a sentence of what to see in it and one of what to try. One record each, in order.
import { CHAPTERS, convolutionScene, type Chapter, type ConvolutionScene, type WrittenScene } from '@shared/matrix/convolution-scene';

export interface ChapterRecord {
  /** Short, for the bar. */
  readonly name: string;
  readonly title: string;
  readonly says: string;
  readonly tries: string;
  /** The page of help on it. */
  readonly help: string;
  readonly scene: WrittenScene;
}

const EDGES = { kind: 'weights', K: 3, weight: [0, -1, 0, -1, 4, -1, 0, -1, 0] } as const;
const NUMBERED = { kind: 'weights', K: 3, weight: [1, 2, 3, 4, 5, 6, 7, 8, 9] } as const;
/** The mutable copies that the schema's arrays are. */
const kernel = ({ weight, ...rest }: { readonly kind: 'weights'; readonly K: 1 | 3 | 5; readonly weight: readonly number[] }) => ({
  ...rest,
  weight: [...weight],
});
const SMALL = { h: 5, w: 5 } as const;

/** Two planes of input times two outputs: each output looks at each channel in its own way. */
const TWO_BY_TWO = [0, -1, 0, -1, 4, -1, 0, -1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, -2, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1];
const TWO_GROUPS = [0, -1, 0, -1, 4, -1, 0, -1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1];

export const CHAPTER_RECORDS: Readonly<Record<Chapter, ChapterRecord>> = {
  window: {
    name: 'Window',
    title: 'A window position is a row',
    says: 'A convolution slides one small kernel over the picture. Each place where the window stops gives one output. Write the picture as one long column of numbers: then each stop is a row of a matrix, and the row is zero everywhere but under the window.',
    tries: 'Move the window over the picture, or the row down the matrix, or the place in the output: the other two follow.',
    help: 'convolution-as-matrix',
    scene: { kernels: [kernel(EDGES)], follow: { kind: 'window', o: 0, i: 2, j: 1 } },
  },
  weight: {
    name: 'Weight',
    title: 'A weight of the kernel is a set of diagonals',
    says: 'The same nine numbers are used at every stop. One stop further, the window reads one pixel further, so each weight moves one column to the right as one goes one row down: it lies on diagonals. Nine numbers fill the whole matrix.',
    tries: 'Choose a weight of the kernel, or change it: its diagonals change all at once, and nothing else does.',
    help: 'convolution-as-matrix',
    scene: { kernels: [kernel(NUMBERED)], follow: { kind: 'weight', o: 0, c: 0, u: 0, v: 1 } },
  },
  pixel: {
    name: 'Pixel',
    title: 'An input pixel is a column',
    says: 'A pixel lies under the window at up to nine stops, each time under another weight. Its column says where it goes, and with what weight: the kernel again, turned by half a turn.',
    tries: 'Move over the pixels of the input. At the border a pixel is read less often, and its column has fewer weights.',
    help: 'convolution-as-matrix',
    scene: { kernels: [kernel(NUMBERED)], follow: { kind: 'pixel', c: 0, a: 2, b: 1 } },
  },
  pad: {
    name: 'Padding',
    title: 'Padding adds rows, and no columns',
    says: 'Zeros around the picture let the window stop at the border. They are no pixels: they have no column, and what a weight would take there is left out of the row. Without padding the rows of the border are missing.',
    tries: 'Set the padding to 0, 1 and 2, and watch the number of rows. Look at the first row: where are its nine weights?',
    help: 'padding-and-stride',
    scene: { kernels: [kernel(NUMBERED)], h: 6, w: 6, pad: 1, follow: { kind: 'window', o: 0, i: 0, j: 0 } },
  },
  stride: {
    name: 'Stride',
    title: 'A stride keeps every second row',
    says: 'With stride 2 the window stops at every second place in both directions. The matrix is the same with rows left out: of 49 rows 16 stay. The diagonals are less steep now.',
    tries: 'Set the stride to 1 and back to 2: the rows that stay are unchanged.',
    help: 'padding-and-stride',
    scene: { kernels: [kernel(NUMBERED)], h: 7, w: 7, stride: 2, follow: { kind: 'window', o: 0, i: 1, j: 1 } },
  },
  channels: {
    name: 'Channels',
    title: 'Each pair of channels is a block',
    says: 'Two input channels stand one after the other in the column of numbers, two output channels one below the other in the rows. Every output channel has a kernel for every input channel: four bands in four blocks.',
    tries: 'Follow an output of channel 1: its row has a part in both blocks, one for each channel it reads.',
    help: 'channels-and-groups',
    scene: { ...SMALL, C: 2, O: 2, kernels: [{ kind: 'weights', K: 3, weight: TWO_BY_TWO }], follow: { kind: 'window', o: 1, i: 2, j: 2 } },
  },
  groups: {
    name: 'Groups',
    title: 'Groups leave blocks empty',
    says: 'In two groups, output channel 0 reads input channel 0 alone, and 1 reads 1. The two other blocks are zero and are never stored: half of the weights, and half of the multiplications.',
    tries: 'Set the groups back to 1: the two empty blocks fill.',
    help: 'channels-and-groups',
    scene: {
      ...SMALL,
      C: 2,
      O: 2,
      groups: 2,
      kernels: [{ kind: 'weights', K: 3, weight: TWO_GROUPS }],
      follow: { kind: 'window', o: 1, i: 2, j: 2 },
    },
  },
  kernels: {
    name: 'Kernels',
    title: 'Kernels that are added become one',
    says: 'A 3 × 3 kernel, a 1 × 1 kernel and the input itself, run side by side and added: all three are matrices of one shape, so their sum is a matrix, too. A 1 × 1 kernel is a diagonal, and so is the identity. The sum is one 3 × 3 kernel.',
    tries: 'Look at each part, then at the sum. Which weight of the sum differs from the 3 × 3 kernel?',
    help: 'kernels-added',
    scene: {
      kernels: [
        { kind: 'weights', K: 3, weight: [1, 0, -1, 2, 0, -2, 1, 0, -1] },
        { kind: 'weights', K: 1, weight: [2] },
        { kind: 'identity' },
      ],
      follow: { kind: 'weight', o: 0, c: 0, u: 1, v: 1 },
    },
  },
  'batch-norm': {
    name: 'Batch norm',
    title: 'Batch norm disappears into the weights',
    says: 'Once trained, a batch norm multiplies by one number s and adds another, t. Multiplying the result by s is the same as multiplying every weight by s: the numbers move into the kernel, t becomes a bias, and the output is the same.',
    tries: 'Fold it in and take it out again: the weights change, the output does not.',
    help: 'batch-norm',
    scene: {
      kernels: [
        {
          ...kernel(EDGES),
          // s is one half, t is one: numbers that can be followed in the head.
          norm: { gamma: [1.5], beta: [3], mean: [4], variance: [8.99999], eps: 1e-5 },
        },
      ],
      follow: { kind: 'window', o: 0, i: 2, j: 1 },
    },
  },
  fc: {
    name: 'FC',
    title: 'A fully-connected layer and a convolution: one matrix is left',
    says: 'Beside the convolutions a RepMLP block trains a fully-connected layer: a matrix with no zeros at all. Now that the convolutions are a matrix of the same shape, the two are added cell by cell. What is left costs what the fully-connected layer costs alone.',
    tries: 'Look at the FC, then at the convolutions, then at the sum. These are real weights, of the network that comes with the program.',
    help: 'merge',
    scene: { fc: { kind: 'layer', block: 'stage1.mix1', o: 0, c: 0 }, picture: { kind: 'sample', of: 'digits', index: 1 }, folded: true },
  },
  fold: {
    name: 'The fold',
    title: 'Six axes unfold into two',
    says: 'The matrix is a tensor of six axes: to each output channel o, row i and column j belongs a map over input channel c, row a and column b. Folded, it is a board of small maps, in each the kernel at its place. Unrolled, each map is a row.',
    tries: 'Unfold the tensor and fold it again, and follow the marked cell.',
    help: 'convolution-as-matrix',
    scene: {
      h: 4,
      w: 4,
      C: 2,
      O: 2,
      kernels: [{ kind: 'weights', K: 3, weight: TWO_BY_TWO }],
      follow: { kind: 'window', o: 0, i: 1, j: 2 },
      unfolded: 0,
    },
  },
};

/** A chapter's scene as it begins. */
export function chapterScene(chapter: Chapter): ConvolutionScene {
  return convolutionScene({ ...CHAPTER_RECORDS[chapter].scene, chapter });
}

/** The chapter `by` places further; null beyond either end. */
export function chapterBeside(chapter: Chapter, by: number): Chapter | null {
  return CHAPTERS[CHAPTERS.indexOf(chapter) + by] ?? null;
}
