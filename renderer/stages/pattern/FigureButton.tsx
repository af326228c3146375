// Makes a figure for the paper of what a panel shows: opens it in the export stage, where it is seen and saved.
import { SaveFigureButton } from '../../studio/SaveFigureButton';
import type { FigureSource } from '@shared/figure/recipe';
import type { PatternKind, PatternRecipe } from '@shared/figure/registry';
import type { AskedFigure } from '../../studio/asked-figure';

interface Props<K extends PatternKind> {
  readonly kind: K;
  /** What differs from a figure of the block in focus alone. */
  readonly change?: Partial<Extract<PatternRecipe, { kind: K }>> & { readonly source?: FigureSource };
}

export function FigureButton<K extends PatternKind>({ kind, change }: Props<K>) {
  return <SaveFigureButton testId={`figure-of-${kind}`} what="this" asked={() => ({ kind, change }) as AskedFigure} />;
}
