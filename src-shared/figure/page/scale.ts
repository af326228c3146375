// A colour scale of a figure as its pictures know it, and how a panel asks for one: what several panels of one figure may have
// in common is decided in sharing.ts.
import type { ColourScaleName } from '../../colour/scales';
import type { ValueTransform } from '../../colour/transform';
import type { Limits } from '../../matrix/colouring';

/** A marked value and its number. */
export interface ScaleTick {
  readonly value: number;
  readonly label: string;
}

/** A scale: position 0..1 of a value, marked values for the legend, and the rule in words. */
export interface ValueScale {
  readonly position: (value: number) => number;
  readonly ticks: readonly ScaleTick[];
  readonly rule: string;
}

/** How a scale differs from the whole, signed one. */
export interface ScaleView {
  readonly limits?: Limits;
  readonly magnitude?: boolean;
  /** Whether what lies beyond the limits has colours of its own. */
  readonly markClipped?: boolean;
}

/** Numbers that a picture wants coloured. */
export type AskedScale = {
  /** What they are, in words: numbers of one quantity are comparable, others never share a scale. */
  readonly quantity: string;
  readonly colours: ColourScaleName;
} & (
  | { readonly arrays: readonly Float32Array[]; readonly transform: ValueTransform; readonly view?: ScaleView }
  | { readonly arrays: readonly ArrayLike<number>[]; readonly spacing: 'log' | 'linear' }
);

/** What one panel has in common with the others of its figure. */
export interface PanelSharing {
  scale(asked: AskedScale): ValueScale;
  /** Whether the bar of a scale stands below all panels, and not in one of them. */
  isShared(scale: ValueScale): boolean;
  /** The range of an axis by its name, from its own. */
  range(axis: string, own: readonly [number, number]): readonly [number, number];
}
