// Makes a figure for the paper of what a panel shows: opens it in the export stage, where it is seen and saved.
import type { FigureSource } from '@shared/figure/recipe';
import type { PatternKind, PatternRecipe } from '@shared/figure/registry';
import { askForFigure, type AskedFigure } from '../../studio/asked-figure';
import { stageName } from '../../studio/navigation';

interface Props<K extends PatternKind> {
  readonly kind: K;
  /** What differs from a figure of the block in focus alone. */
  readonly change?: Partial<Extract<PatternRecipe, { kind: K }>> & { readonly source?: FigureSource };
}

export function FigureButton<K extends PatternKind>({ kind, change }: Props<K>) {
  return (
    <button
      type="button"
      className="button"
      data-testid={`figure-of-${kind}`}
      title={`Open this as a figure in ${stageName('figure')} and save it as SVG, PNG or PDF`}
      onClick={() => askForFigure({ kind, change } as AskedFigure)}
    >
      Save figure
    </button>
  );
}
