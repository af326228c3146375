// A figure recipe: plain JSON that says what to draw from which numbers, so that a figure can be made
// again a year later without the window.
import type { Convention } from '../cost/convention';
import type { GroupLevel } from '../cost/grouping';
import type { NetworkSpec } from '../model/spec';

/** Size and type of a figure; lengths in millimetres, type in points. */
export interface FigureLayout {
  readonly widthMm: number;
  readonly fontPt: number;
  readonly title: string | null;
}

export type ColourScaleName = 'blue-orange' | 'purple-green' | 'viridis' | 'cividis' | 'grey' | 'paper-green';
export type ValueTransform = 'linear' | 'symlog' | 'rank' | 'log-ratio';

/** Where the numbers come from: a run folder or a checkpoint file, train form. */
export interface FigureSource {
  readonly path: string;
  readonly layer?: string;
}

/** The cost of a network as bars or an icicle. */
export interface CostFigure {
  /** A zoo model, and its settings that differ from the defaults. */
  readonly model?: string;
  readonly set?: Readonly<Record<string, string>>;
  /** A network no zoo entry builds, in train or merged form, described in full; given instead of `model`. */
  readonly network?: NetworkSpec;
  /** `macs` is work in the unit and by the rules of the convention. */
  readonly metric: 'macs' | 'params' | 'bytes';
  /** What is counted as work; the papers' convention where left out. */
  readonly convention?: Convention;
  /** Which form is drawn; both where left out. */
  readonly form?: 'train' | 'merged' | 'both';
  /** What one bar stands for; where left out, blocks, or stages where there are too many blocks. */
  readonly level?: GroupLevel;
  /** Bars (the default), or the whole tree of stages, blocks and operations as an icicle. */
  readonly chart?: 'bars' | 'icicle';
}

export type FigureRecipe = { readonly format: 'repmlp-figure'; readonly version: 1; readonly layout: FigureLayout } & (
  | { readonly kind: 'matrices'; readonly source: FigureSource; readonly colours: ColourScaleName; readonly transform: ValueTransform }
  /** Figure 5 of the paper: ln(|w| / min |w|) of one output cell's map over the input grid, before and after. */
  | {
      readonly kind: 'figure5';
      readonly source: FigureSource;
      readonly outputChannel: number;
      readonly row: number;
      readonly column: number;
      readonly inputChannel: number;
    }
  | ({ readonly kind: 'cost-bars' } & CostFigure)
  | { readonly kind: 'locality'; readonly source: FigureSource }
  | { readonly kind: 'curves'; readonly source: FigureSource }
);
