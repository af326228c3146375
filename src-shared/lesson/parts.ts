// The parts of the window that a lesson may point at, hide or lock, by stable names. Invariant: a name keeps its meaning whatever
// the window looks like inside; each is found by one test id, which a test in a browser looks for.

/** The stages of the window, as lessons call them. */
export const LESSON_STAGES = [
  'home',
  'lesson',
  'convolution',
  'dataset',
  'model',
  'training',
  'merge',
  'matrix',
  'pattern',
  'cost',
  'figure',
  'checkpoint',
  'settings',
] as const;
export type LessonStage = (typeof LESSON_STAGES)[number];

export interface WindowPart {
  readonly name: string;
  /** What it is, for the manual and for whoever cannot see it. */
  readonly says: string;
  /** Where it is; null where it is on every stage. */
  readonly stage: LessonStage | null;
  /** The test id it is found by. */
  readonly testId: string;
}

const part = (name: string, stage: LessonStage | null, testId: string, says: string): WindowPart => ({ name, stage, testId, says });

/** Every part, in the order of the manual. */
export const WINDOW_PARTS: readonly WindowPart[] = [
  part('stages', null, 'rail', 'the list of stages at the left'),
  part('network-line', null, 'current-network', 'the line that says which network is current'),
  part('next-step', null, 'next-step-bar', 'the line that offers the next step'),
  part('scene-picture', 'convolution', 'convolution-input-0', 'the picture with the window over it'),
  part('scene-matrix', 'convolution', 'convolution-matrix', 'the matrix'),
  part('scene-output', 'convolution', 'convolution-output-0', 'what the convolution makes of the picture'),
  part('scene-kernel', 'convolution', 'convolution-kernel', 'the weights of the kernel'),
  part('scene-follow', 'convolution', 'convolution-follow', 'the switch for what is followed: window, weight or pixel'),
  part('scene-norm', 'convolution', 'convolution-norm', 'the numbers of the batch norm'),
  part('scene-folded', 'convolution', 'convolution-folded', 'the switch that folds the batch norms in'),
  part('scene-part', 'convolution', 'convolution-part', 'the choice of what the matrix is of'),
  part('scene-arithmetic', 'convolution', 'convolution-arithmetic', 'the products and the sum of one output'),
  part('merge-button', 'merge', 'run-merge', 'the button that merges'),
  part('verdict', 'merge', 'verdict', 'the verdict: is the function the same?'),
  part('merge-steps', 'merge', 'merge-steps', 'the steps of the merge, one by one'),
  part('layers', 'merge', 'layers', 'the differences of each layer'),
  part('ledger', 'cost', 'ledger', 'the table of all layers with what they cost'),
  part('cost-bars', 'cost', 'cost-bars', 'the bars of both forms'),
  part('start-training', 'training', 'start-training', 'the button that starts a training'),
  part('training-progress', 'training', 'progress', 'how far the training is'),
  part('curves', 'training', 'curves', 'the curves of loss and accuracy'),
  part('samples', 'dataset', 'samples', 'pictures of the data set'),
  part('open-weights', 'checkpoint', 'open-checkpoint', 'the button that opens a file of weights'),
  part('families', 'checkpoint', 'family-groups', 'blocks of other families found in the file'),
];

/** A part by its name. */
export function windowPart(name: string): WindowPart | undefined {
  return WINDOW_PARTS.find((one) => one.name === name);
}
