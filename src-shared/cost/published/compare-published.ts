// A computed count beside a published one: whether they agree to the printed digits, by rounding or by
// cutting off (the papers cut: 65.18 M is printed 65.1 M), and what remains to explain.
import type { NetworkSpec } from '../../model/spec';
import { buildModel } from '../../model/zoo';
import type { Ledger } from '../ledger';
import { publishedRows, type PublishedNumber, type PublishedRow } from './published';

/** How a printed figure relates to the computed one. */
export type Agreement = 'rounded' | 'cut off' | 'last digit differs' | 'differs';

/** One published figure beside the computed one. */
export interface PublishedComparison {
  readonly quantity: 'params' | 'macs';
  readonly form: 'train' | 'merged';
  /** As printed, with its unit: `52.8 M`. */
  readonly published: string;
  readonly computed: number;
  /** Computed relative to published, minus 1. */
  readonly difference: number;
  readonly agreement: Agreement;
  readonly explanation: string;
}

const EXPLANATIONS: Readonly<Record<Agreement, string>> = {
  rounded: 'equal to the printed digits, rounded',
  'cut off': 'equal to the printed digits, which are cut off instead of rounded',
  'last digit differs': 'one unit of the last printed digit apart; nothing is published that would explain it',
  differs: 'not the same count; nothing is published that would explain it',
};

/** The published rows about exactly this train-form network: same layers, same settings. */
export function publishedRowsOf(train: NetworkSpec): PublishedRow[] {
  const text = JSON.stringify(train);
  return publishedRows.filter(({ model, settings }) => JSON.stringify(buildModel(model, settings)) === text);
}

/** Compares every figure printed in a row with the ledgers of both forms. */
export function comparePublished(row: PublishedRow, ledgers: { readonly train: Ledger; readonly merged: Ledger }): PublishedComparison[] {
  const quantities = ['params', 'macs'] as const;
  return quantities.flatMap((quantity) => {
    const number = row[quantity];
    return number === null ? [] : [compareNumber(quantity, number, ledgers[number.form][quantity])];
  });
}

function compareNumber(quantity: 'params' | 'macs', { text, unit, form }: PublishedNumber, computed: number): PublishedComparison {
  const agreement = agreementOf(text, computed / unit);
  return {
    quantity,
    form,
    published: `${text} ${unit === 1e9 ? 'G' : 'M'}`,
    computed,
    difference: computed / (Number(text) * unit) - 1,
    agreement,
    explanation: EXPLANATIONS[agreement],
  };
}

/** How a computed value, in the printed unit, relates to the printed text. */
export function agreementOf(text: string, value: number): Agreement {
  const digits = text.split('.')[1]?.length ?? 0;
  const step = 10 ** -digits;
  if (value.toFixed(digits) === text) return 'rounded';
  // A hair is added before cutting, so that 4.2 is not cut to 4.1 by its binary fraction.
  if ((Math.floor(value / step + 1e-9) * step).toFixed(digits) === text) return 'cut off';
  return Math.abs(value - Number(text)) < 1.5 * step ? 'last digit differs' : 'differs';
}
