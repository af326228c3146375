// Which page of help is open, and which belongs to what is shown.
import { navigation, type Stage } from '../navigation';
import { createStore } from '../state';

export const help = createStore<{ readonly page: string | null }>(() => ({ page: null }));

/** The page on what each stage is about. */
const PAGE_OF_STAGE: Readonly<Record<Stage, string>> = {
  home: 'structural-reparameterization',
  lesson: 'lessons',
  convolution: 'convolution-as-matrix',
  dataset: 'data',
  model: 'repmlp-block',
  training: 'why-train-with-convolutions',
  merge: 'merge',
  matrix: 'convolution-as-matrix',
  pattern: 'positional-pattern',
  cost: 'cost',
  figure: 'figures',
  checkpoint: 'checkpoints',
  settings: 'settings',
};

export function openHelp(page: string): void {
  help.setState({ page });
}

/** F1: the page on the stage that is shown; again: closes it. */
export function helpInPlace(): void {
  help.setState(({ page }) => ({ page: page === null ? PAGE_OF_STAGE[navigation.getState().stage] : null }));
}

export function closeHelp(): void {
  help.setState({ page: null });
}
