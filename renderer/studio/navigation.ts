// Which stage the window shows. Stages follow the way of the data, from data set to figure; before them stands the first
// screen, beside them the checkpoint view, since a file can enter at any stage.
import { createStore } from './state';

export const STAGES = ['dataset', 'model', 'training', 'merge', 'matrix', 'pattern', 'cost', 'figure'] as const;
export type Stage = (typeof STAGES)[number] | 'home' | 'convolution' | 'checkpoint';

/** The name and the one-line description of a stage on screen. */
export const STAGE_TEXT: Readonly<Record<Stage, { readonly title: string; readonly says: string }>> = {
  home: { title: 'Home', says: 'three ways in, and a merged matrix to touch' },
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
};

export interface Navigation {
  readonly stage: Stage;
  readonly paletteOpen: boolean;
}

export const navigation = createStore<Navigation>(() => ({ stage: stageFromHash(), paletteOpen: false }));

/** Shows a stage and keeps it in the address, so that a reload and the way back come to it. */
export function goTo(stage: Stage): void {
  if (stage !== navigation.getState().stage) globalThis.history?.pushState(null, '', `#${stage}`);
  navigation.setState({ stage });
}

/** Follows back and forward. */
export function setUpNavigation(): void {
  window.addEventListener('popstate', () => navigation.setState({ stage: stageFromHash() }));
}

export function showPalette(paletteOpen: boolean): void {
  navigation.setState({ paletteOpen });
}

function stageFromHash(): Stage {
  const hash = (globalThis.location?.hash ?? '').slice(1);
  return hash in STAGE_TEXT ? (hash as Stage) : 'home';
}
