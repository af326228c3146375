// Which stage the window shows. Stages follow the way of the data, from data set to figure; before them stands the first
// screen, beside them what a file of weights holds, since a file can enter at any stage. What they are called stands in
// src-shared/base/stage-titles.ts.
import { STAGE_TITLES } from '@shared/base/stage-titles';
import { createStore } from './state';

export const STAGES = ['dataset', 'model', 'training', 'merge', 'matrix', 'pattern', 'cost', 'figure'] as const;
export type Stage = (typeof STAGES)[number] | 'home' | 'lesson' | 'convolution' | 'checkpoint' | 'settings';

/** The one-line description of a stage. */
const SAYS: Readonly<Record<Stage, string>> = {
  home: 'three ways in, and a merged matrix to touch',
  lesson: 'learn it step by step, in the app itself',
  convolution: 'why a convolution is a sparse matrix',
  dataset: 'what the network learns from',
  model: 'the network, its blocks and what they cost',
  training: 'train form, with conv branches and batch norms',
  merge: 'fold the branches into FC3 and prove the function unchanged',
  matrix: 'FC3 before, what the branches add, and after',
  pattern: 'where each layer looks',
  cost: 'parameters and multiply-accumulates, layer by layer',
  figure: 'figures for the paper, from a recipe',
  checkpoint: 'what a file holds',
  settings: 'folders, computing, appearance, and what the program is made of',
};

/** The name and the one-line description of a stage on screen. */
export const STAGE_TEXT = Object.fromEntries(
  Object.entries(SAYS).map(([stage, text]) => [stage, { title: STAGE_TITLES[stage as Stage], says: text }]),
) as Readonly<Record<Stage, { readonly title: string; readonly says: string }>>;

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
