// The figure that a stage asks the export stage for: a kind, and what differs from a figure of what is in focus.
import type { FigureRecipe } from '@shared/figure/registry';
import type { OpenedFigure } from '@shared/link/studio';
import { goTo } from './navigation';
import { createStore } from './state';

export type FigureKind = FigureRecipe['kind'];

/** A figure of a kind. */
export type AskedFigure<Kind extends FigureKind = FigureKind> = {
  readonly [K in Kind]: { readonly kind: K; readonly change: Partial<Extract<FigureRecipe, { kind: K }>> };
}[Kind];

export const askedFigure = createStore<{ readonly asked: AskedFigure | null; readonly opened: OpenedFigure | null }>(() => ({
  asked: null,
  opened: null,
}));

/** Has the export stage make a figure, and shows it there. */
export function askForFigure(asked: AskedFigure): void {
  askedFigure.setState({ asked: { ...asked } });
  goTo('figure');
}

/** Has the export stage show the figure of a file. */
export function showOpenedFigure(opened: OpenedFigure): void {
  askedFigure.setState({ opened });
  goTo('figure');
}
