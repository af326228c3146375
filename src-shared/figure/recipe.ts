// A figure recipe: plain JSON that says what to draw from which numbers, so that a figure can be made
// again a year later without the window.
import type { Convention } from '../cost/convention';
import type { GroupLevel } from '../cost/grouping';
import type { DatasetReference } from '../dataset/dataset';
import type { PictureChoice } from '../dataset/shown-picture';
import type { NetworkSpec, Pair } from '../model/spec';

/** Size and type of a figure; lengths in millimetres, type in points. */
export interface FigureLayout {
  readonly widthMm: number;
  readonly fontPt: number;
  readonly title: string | null;
}

export type ColourScaleName = 'blue-orange' | 'purple-green' | 'viridis' | 'cividis' | 'grey' | 'paper-green';
export type ValueTransform = 'linear' | 'symlog' | 'rank' | 'log-ratio';

/** Where the numbers come from: a run folder, a checkpoint file or `bundled:NAME`, train form. */
export interface FigureSource {
  readonly path: string;
  /** The set of weights, of a file that holds several; the usual one where it is left out. */
  readonly weights?: string;
  readonly layer?: string;
  /** What network the file holds, where it cannot be recognised from its names and shapes. */
  readonly network?: NetworkSpec;
  /** Height and width of its inputs, `N` or `HxW` in pixels, where its layers leave them open. */
  readonly inputSize?: string;
  /** Partitions (height, width) of its blocks and the eps of its batch norms, where the file's shapes leave them open. */
  readonly partitions?: readonly Pair[];
  readonly eps?: number;
}

/** Whose patterns are drawn: one network before and after its merge, two networks, or a run over its epochs. */
export interface PatternSubject {
  readonly source: FigureSource;
  /** A second network beside the first; its block of the same path where `layer` is left out. */
  readonly against?: FigureSource;
  /** The source is a run folder, drawn at every whole epoch. */
  readonly epochs?: boolean;
}

/** A picture under a map: a sample or the mean of a class of a data set's training split, or an image file. */
export type PictureSource = { readonly dataset: DatasetReference; readonly of: PictureChoice } | { readonly file: string };

/** What is drawn of the patterns of a block's FC3. */
export type PatternFigure =
  /** Energy against displacement and distance. */
  | { readonly kind: 'locality' }
  /** The translation-invariant kernel of one channel pair, and the energy shares of that part and of the rest. */
  | { readonly kind: 'projection'; readonly outputChannel: number; readonly inputChannel: number }
  /** Energy by output and by input position, of one group (share-set) or of all (null). */
  | { readonly kind: 'position-maps'; readonly group: number | null }
  /** Rows clustered by where they look. */
  | { readonly kind: 'row-kinds'; readonly group: number | null }
  /** Leading singular vectors of what no convolution gives, in one group. */
  | { readonly kind: 'rest-vectors'; readonly group: number }
  /** A position map on a picture; partitions along each side as the network has them where left out. */
  | {
      readonly kind: 'overlay';
      readonly group: number | null;
      readonly map: 'input' | 'output';
      readonly picture: PictureSource;
      readonly partitions?: number;
    };
export type PatternKind = PatternFigure['kind'];
export const PATTERN_KINDS: readonly PatternKind[] = ['locality', 'projection', 'position-maps', 'row-kinds', 'rest-vectors', 'overlay'];
/** A recipe of a pattern figure. */
export type PatternRecipe = Extract<FigureRecipe, { kind: PatternKind }>;

/** The cost of a network as bars or an icicle. */
export interface CostFigure {
  /** A zoo model, and its settings that differ from the defaults. */
  readonly model?: string;
  readonly set?: Readonly<Record<string, string>>;
  /** A network no zoo entry builds, in train or merged form, described in full; given instead of `model`. */
  readonly network?: NetworkSpec;
  /** Height and width of its inputs, `N` or `HxW` in pixels, where they are not the network's own. */
  readonly inputSize?: string;
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
  | (PatternFigure & PatternSubject)
  /** Best validation metric of run folders over the cost of their merged forms. */
  | { readonly kind: 'accuracy-cost'; readonly runs: readonly string[]; readonly convention?: Convention }
  | { readonly kind: 'curves'; readonly source: FigureSource }
);
