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

/** F1: the page on what has the focus, else on what the stage shows; again: closes it. */
export function helpInPlace(): void {
  help.setState(({ page }) => ({ page: page === null ? pageInPlace() : null }));
}

/** Parts of a stage that are about something of their own name its page. */
function pageInPlace(): string {
  const named =
    document.activeElement?.closest<HTMLElement>('[data-help-page]') ?? document.querySelector<HTMLElement>('main [data-help-page]');
  return named?.dataset.helpPage ?? PAGE_OF_STAGE[navigation.getState().stage];
}

export function closeHelp(): void {
  help.setState({ page: null });
}
