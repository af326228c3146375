// How much half-precision storage may move each layer's output, measured on the network and inputs at hand
// (stored-rounding.ts) rather than bounded: a bound for the worst case would let a real fault pass.
import { largestOf } from '../base/extremes';
import type { Form } from '../model/spec';
import { seed } from '../tensor/random';
import { RunningDifference, type NetworkOutputs } from './compare-arrays';
import type { WeightedNetwork } from '../merge/merge-network';
import type { StoredPrecision } from '../merge/report';
import { beforeRounding, coarsestOwnType, storedTypes, unitRoundoff, type NarrowType } from './stored-rounding';

/** What stored rounding does: stored types, and how far it moves the outputs, relative to each layer's largest. */
export interface StorageEffect extends Pick<StoredPrecision, 'train' | 'merged' | 'rounded'> {
  readonly type: NarrowType;
  readonly layers: ReadonlyMap<string, number>;
  readonly output: number;
}

/** Drawn roundings per form; the largest effect counts. One alone varies by a factor of 3 where a layer has few outputs. */
const DRAWS = 2;

/** What the outputs of both forms are, on one part of the inputs. */
export type FormsOutputs = Readonly<Record<Form, NetworkOutputs>>;

/** Measures what stored rounding does, on part after part of the inputs. */
export interface StorageMeasurement {
  /** `forward` runs a network on the part that both forms' outputs are of. */
  add(outputs: FormsOutputs, forward: (network: WeightedNetwork) => NetworkOutputs | Promise<NetworkOutputs>): Promise<void>;
  effect(): StorageEffect;
}

/**
 * Runs each form that was rounded again with its weights moved within their rounding. Null where neither was rounded, or only
 * in tensors that both hold alike.
 */
export function storageMeasurement(forms: Readonly<Record<Form, WeightedNetwork>>): StorageMeasurement | null {
  const { train, merged } = forms;
  const own = { train: coarsestOwnType(train.weights, merged.weights), merged: coarsestOwnType(merged.weights, train.weights) };
  const rounded = (['train', 'merged'] satisfies Form[]).filter((form) => own[form] !== null);
  if (rounded.length === 0) return null;
  const draws = rounded.flatMap((form) => Array.from({ length: DRAWS }, (_, index) => new Draw(form, index + 1)));
  const type = own.train === 'bfloat16' || own.merged === 'bfloat16' ? 'bfloat16' : 'float16';
  const about = { train: storedTypes(train.weights), merged: storedTypes(merged.weights), rounded, type } as const;
  return {
    add: async (outputs, forward) => {
      for (const draw of draws) draw.add(outputs[draw.form], await forward(draw.moved(forms)));
    },
    effect: () => ({ ...about, layers: largestByPath(draws), output: largestOf(draws.map((draw) => effectOf(draw.output))) }),
  };
}

/** One drawn rounding of a form: what it moves. */
class Draw {
  readonly layers = new Map<string, RunningDifference>();
  readonly output = new RunningDifference();

  constructor(
    readonly form: Form,
    private readonly number: number,
  ) {}

  /** The form with its weights moved; drawn anew for every part, since a network's weights are large. */
  moved(forms: Readonly<Record<Form, WeightedNetwork>>): WeightedNetwork {
    const { spec, weights } = forms[this.form];
    const other = forms[this.form === 'train' ? 'merged' : 'train'];
    return { spec, weights: beforeRounding(weights, other.weights, seed(this.number)) };
  }

  add(outputs: NetworkOutputs, moved: NetworkOutputs): void {
    for (const [path, values] of outputs.layers) {
      const after = moved.layers.get(path);
      if (!after) continue;
      const difference = this.layers.get(path) ?? new RunningDifference();
      difference.add(values, after);
      this.layers.set(path, difference);
    }
    this.output.add(outputs.output, moved.output);
  }
}

function largestByPath(draws: readonly Draw[]): Map<string, number> {
  const largest = new Map<string, number>();
  for (const { layers } of draws)
    for (const [path, difference] of layers) largest.set(path, Math.max(largest.get(path) ?? 0, effectOf(difference)));
  return largest;
}

/** Outputs that are not finite explain nothing. */
function effectOf(difference: RunningDifference): number {
  const effect = difference.found().maxRel;
  return Number.isFinite(effect) ? effect : 0;
}

/**
 * The true rounding is one more draw of that size, or two where both forms were rounded from finer weights: the differences it
 * makes were measured, on blocks and small networks, at up to 3 times the larger of two draws, 0.6 to 1.1 times in the median.
 */
const DRAWS_APART = 5;

/** What is added to the tolerance of each layer and of the output, and why. */
export interface Allowance {
  ofLayer(path: string): number;
  readonly ofOutput: number;
  readonly reason: string;
}

/** The allowance for stored rounding; nothing where there was none. */
export function allowanceFor(storage: StorageEffect | null): Allowance {
  if (!storage) return { ofLayer: () => 0, ofOutput: 0, reason: '' };
  const { rounded, type, layers, output } = storage;
  const stored = rounded.length === 2 ? 'both forms are' : `the ${rounded[0]} form is`;
  return {
    ofLayer: (path) => DRAWS_APART * (layers.get(path) ?? 0),
    ofOutput: DRAWS_APART * output,
    reason: `; ${stored} stored in ${type}: roundings of that size, drawn at random, were measured layer by layer, and ${DRAWS_APART} times what they do is added`,
  };
}

/** What the report says about stored rounding; `maxRel` is the difference found at the output. */
export function storedPrecision(storage: StorageEffect, maxRel: number, equivalentWithout: boolean): StoredPrecision {
  const { train, merged, rounded, type, output } = storage;
  const found = { train, merged, rounded, type, unitRoundoff: unitRoundoff(type), effect: output, equivalentWithout };
  return { ...found, text: storageText(found, maxRel) };
}

function storageText(found: Omit<StoredPrecision, 'text'>, maxRel: number): string {
  const { train, merged, type, unitRoundoff: u, effect, equivalentWithout } = found;
  const stored = `stored as ${train.join(' and ')} (train) and ${merged.join(' and ')} (merged)`;
  const rounding = `rounding to ${type} changes a weight by up to 2^${Math.log2(u)} of itself`;
  const explained = `such roundings, drawn at random, move the output by up to ${effect.toExponential(1)} of its largest value, found was ${maxRel.toExponential(1)}`;
  const strict = equivalentWithout ? 'the forms agree even without allowing for it' : 'without allowing for it the forms differ';
  return `${stored}; ${rounding}; ${explained}; ${strict}`;
}
