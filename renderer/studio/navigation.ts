// Which stage the window shows. Stages follow the way of the data, from data set to figure; before them stands the first
// screen, beside them what a file of weights holds, since a file can enter at any stage. Invariant: what a stage is called on
// screen stands here alone.
import { createStore } from './state';

export const STAGES = ['dataset', 'model', 'training', 'merge', 'matrix', 'pattern', 'cost', 'figure'] as const;
export type Stage = (typeof STAGES)[number] | 'home' | 'lesson' | 'convolution' | 'checkpoint' | 'settings';

/** The name and the one-line description of a stage on screen. */
export const STAGE_TEXT: Readonly<Record<Stage, { readonly title: string; readonly says: string }>> = {
  home: { title: 'Home', says: 'three ways in, and a merged matrix to touch' },
  lesson: { title: 'Lessons', says: 'learn it step by step, in the app itself' },
  convolution: { title: 'Convolution', says: 'why a convolution is a sparse matrix' },
  dataset: { title: 'Dataset', says: 'what the network learns from' },
  model: { title: 'Model', says: 'the network, its blocks and what they cost' },
  training: { title: 'Training', says: 'train form, with conv branches and batch norms' },
  merge: { title: 'Merge', says: 'fold the branches into FC3 and prove the function unchanged' },
  matrix: { title: 'Matrices', says: 'FC3 before, what the branches add, and after' },
  pattern: { title: 'Patterns', says: 'where each layer looks' },
  cost: { title: 'Cost', says: 'parameters and multiply-accumulates, layer by layer' },
  figure: { title: 'Export', says: 'figures for the paper, from a recipe' },
  checkpoint: { title: 'Weights', says: 'what a file holds' },
  settings: { title: 'Settings', says: 'folders, computing, appearance, and what the program is made of' },
};

/** A stage in the middle of a sentence, by the name that the rail gives it. */
export function stageName(stage: Stage): string {
  return stage === 'home' ? 'the first screen' : `the ${STAGE_TEXT[stage].title} stage`;
}

export interface Navigation {
  readonly stage: Stage;
  readonly paletteOpen: boolean;
}

export const navigation = createStore<Navigation>(() => ({ stage: stageFromHash(), paletteOpen: false }));

/** Shows a stage. The window's history keeps it in the address, so that a reload and the way back come to it. */
export function goTo(stage: Stage): void {
  navigation.setState({ stage });
}

export function showPalette(paletteOpen: boolean): void {
  navigation.setState({ paletteOpen });
}

/** The stage that the address names; the first screen where it names none. */
export function stageFromHash(): Stage {
  const hash = (globalThis.location?.hash ?? '').slice(1);
  return hash in STAGE_TEXT ? (hash as Stage) : 'home';
}
