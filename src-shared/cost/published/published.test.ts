// The published figures are what the computed ledger gives, to the printed digits, with the known exceptions.
import { describe, expect, it, test } from 'vitest';
import { mergedSpec } from '../../model/merged-spec';
import { buildModel } from '../../model/zoo';
import { agreementOf, comparePublished, publishedRowsOf } from './compare-published';
import { ledger } from '../ledger';
import { publishedRows } from './published';

function comparisonsOf(row: (typeof publishedRows)[number]) {
  const spec = buildModel(row.model, row.settings);
  return comparePublished(row, { train: ledger(spec), merged: ledger(mergedSpec(spec)) });
}

describe('agreement', () => {
  test.each([
    ['52.8', 52.84, 'rounded'],
    ['65.1', 65.18, 'cut off'],
    ['0.50', 0.507, 'cut off'],
    ['96.5', 96.448, 'last digit differs'],
    ['4.2', 4.258, 'cut off'],
    ['87.1', 88.4, 'differs'],
  ] as const)('printed %s, computed %d: %s', (text, value, agreement) => {
    expect(agreementOf(text, value)).toBe(agreement);
  });
});

describe('published figures', () => {
  it.each(publishedRows.map((row) => [row.title, row] as const))('%s: no figure is farther than the last printed digit', (_, row) => {
    for (const { agreement } of comparisonsOf(row)) expect(agreement).not.toBe('differs');
  });

  it('are cut off where the papers cut, and one digit apart where nothing explains it', () => {
    const remarkable = publishedRows.flatMap((row) =>
      comparisonsOf(row).flatMap(({ agreement, quantity }) => (agreement === 'rounded' ? [] : [`${row.title} ${quantity}: ${agreement}`])),
    );
    expect(remarkable).toEqual([
      'Wide ConvNet params: cut off',
      'Wide ConvNet macs: cut off',
      'RepMLP-Res50, c4 only, r = 2, g = 8 params: cut off',
      'RepMLP-Res50 light, g = 4 (released weights) params: last digit differs',
      'RepMLPNet-T256 macs: cut off',
      'RepMLPNet-B256 params: last digit differs',
      'RepMLPNet-L256 params: last digit differs',
      'RepMLPNet-L256 macs: last digit differs',
    ]);
  });

  it('belong to a network only with the settings they were printed for', () => {
    expect(publishedRowsOf(buildModel('repmlpnet-b256')).map(({ title }) => title)).toEqual(['RepMLPNet-B256']);
    expect(publishedRowsOf(buildModel('repmlp-res50-bottleneck-224')).map(({ title }) => title)).toEqual([
      'RepMLP-Res50, c3 + c4, r = 2, 4, g = 8',
    ]);
    expect(publishedRowsOf(buildModel('pure-mlp-small'))).toEqual([]);
  });
});
