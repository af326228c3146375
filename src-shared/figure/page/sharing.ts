// What the panels of one figure have in common: one colour scale for numbers of one quantity drawn in one way, and one range for
// axes of one name. All panels ask first; each is then drawn with what came of it. A figure alone has scale and range of its own.
import { largestOf, smallestOf } from '../../base/extremes';
import { WHOLE } from '../../matrix/colouring';
import type { Page, SheetLayout } from './layout';
import type { AskedScale, PanelSharing, ValueScale } from './scale';
import { positiveScale, valueScale } from './value-scale';

/** The scale of what is drawn in a layout. Throws RangeError for NaN or infinity. */
export function scaleOf({ layout: { shared } }: { readonly layout: SheetLayout }, asked: AskedScale): ValueScale {
  return shared?.scale(asked) ?? ownScale(asked);
}

/** The range of a page's axis by its name. */
export function rangeOf({ layout: { shared } }: Page, axis: string, from: number, to: number): readonly [number, number] {
  return shared?.range(axis, [from, to]) ?? [from, to];
}

function ownScale(asked: AskedScale): ValueScale {
  return 'spacing' in asked ? positiveScale(asked.arrays, asked.spacing) : valueScale(asked.arrays, asked.transform, asked.view);
}

/** What is to be shared. */
export interface SharingWish {
  readonly scale: boolean;
  readonly axes: boolean;
}

/** A scale of several panels. */
export interface ScaleGroup {
  /** What was asked for first, by one of them. */
  readonly asked: AskedScale;
  /** Numbers of the panels, rising. */
  readonly panels: readonly number[];
  readonly scale: ValueScale;
}

interface Asked {
  readonly panel: number;
  readonly asked: AskedScale;
}

/** Hears what the panels ask for, and then answers for them all. */
export class Sharing {
  private readonly scales = new Map<string, Asked[]>();
  private readonly ranges = new Map<string, (readonly [number, number])[]>();
  private groups: ReadonlyMap<string, ScaleGroup> | null = null;

  /** `nameOf` names a panel by its number. */
  constructor(
    private readonly wish: SharingWish,
    private readonly nameOf: (panel: number) => string,
  ) {}

  /** What a panel draws with: its own until `settle`, then what is shared. */
  of(panel: number): PanelSharing {
    return {
      scale: (asked) => (this.groups ? this.answer(asked) : this.hear(panel, asked)),
      isShared: (scale) => this.shared().some((group) => group.scale === scale),
      range: (axis, own) => this.rangeOf(axis, own),
    };
  }

  /** Ends the asking: several panels that want the same get one scale. */
  settle(): void {
    const groups = new Map<string, ScaleGroup>();
    for (const [key, asked] of this.scales) {
      const panels = [...new Set(asked.map(({ panel }) => panel))];
      if (panels.length < 2) continue;
      const scale = ownScale(joined(asked.map((one) => one.asked)));
      groups.set(key, { asked: asked[0].asked, panels, scale: { ...scale, rule: `${scale.rule}, shared by ${this.namesOf(panels)}` } });
    }
    this.groups = groups;
  }

  /** The scales of several panels, in the order in which they were first asked for. */
  shared(): readonly ScaleGroup[] {
    return [...(this.groups?.values() ?? [])];
  }

  /** Panels by name: `panels (a), (b) and (c)`. */
  namesOf(panels: readonly number[]): string {
    const names = panels.map(this.nameOf);
    return `panels ${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
  }

  private hear(panel: number, asked: AskedScale): ValueScale {
    const key = keyOf(asked);
    if (this.wish.scale) this.scales.set(key, [...(this.scales.get(key) ?? []), { panel, asked }]);
    return ownScale(asked);
  }

  private answer(asked: AskedScale): ValueScale {
    return this.groups?.get(keyOf(asked))?.scale ?? ownScale(asked);
  }

  private rangeOf(axis: string, own: readonly [number, number]): readonly [number, number] {
    if (!this.wish.axes) return own;
    if (this.groups === null) this.ranges.set(axis, [...(this.ranges.get(axis) ?? []), own]);
    const all = this.ranges.get(axis) ?? [own];
    return [smallestOf(all.map(([from]) => from)), largestOf(all.map(([, to]) => to))];
  }
}

/** Equal for numbers that one scale can colour: of one quantity, drawn in one way. */
function keyOf(asked: AskedScale): string {
  const { quantity, colours } = asked;
  if ('spacing' in asked) return JSON.stringify([quantity, colours, asked.spacing]);
  const { limits = WHOLE, magnitude = false, markClipped = false } = asked.view ?? {};
  return JSON.stringify([quantity, colours, asked.transform, limits, magnitude, markClipped]);
}

/** All numbers of several that have one key. */
function joined(asked: readonly AskedScale[]): AskedScale {
  const [first] = asked;
  if ('spacing' in first) return { ...first, arrays: asked.flatMap(({ arrays }) => [...arrays]) };
  return { ...first, arrays: asked.flatMap((one) => ('spacing' in one ? [] : [...one.arrays])) };
}
