// What a figure carries comes back, and what has changed since is said by name and number.
import { describe, expect, it } from 'vitest';
import { MATRICES, small } from '../../testing/figure/figure-examples';
import { UserError } from '../base/user-error';
import { matrices } from './kinds/matrices';
import { changesOf, measuredData, parseProvenance, provenanceText } from './provenance';

const now = measuredData(matrices.draw(MATRICES, small.matrices));
const changed = (change: (data: Float32Array) => void) => {
  const before = small.matrices.before.slice();
  change(before);
  return measuredData(matrices.draw(MATRICES, { ...small.matrices, before }));
};

describe('what a figure carries', () => {
  it('comes back as it was', () => {
    const provenance = { studio: '1.2.3', recipe: MATRICES, sources: [{ path: 'net.pth', sha256: 'ab' }], data: now };
    expect(parseProvenance(JSON.parse(provenanceText(provenance)), 'a.svg')).toEqual(provenance);
  });

  it('may be a recipe alone', () => {
    expect(parseProvenance(MATRICES, 'a.json')).toEqual({ studio: '', recipe: MATRICES, sources: [], data: [] });
  });

  it.each([
    ['of another format', { format: 'x' }],
    ['of a later version', { format: 'repmlp-figure-file', version: 2 }],
    ['without sources', { format: 'repmlp-figure-file', version: 1, studio: '', recipe: MATRICES, data: [] }],
    ['no object', 3],
  ])('is refused %s, by file', (_, json) => {
    expect(() => parseProvenance(json, 'a.svg')).toThrow(UserError);
    expect(() => parseProvenance(json, 'a.svg')).toThrow(/^a\.svg: /);
  });
});

describe('changed numbers', () => {
  it('measures hold the matrices, whole', () => {
    expect(now.map(({ name, shape }) => [name, ...shape])).toEqual(
      ['before', 'added', 'after'].map((name) => [name, small.matrices.rows, small.matrices.columns]),
    );
    const [{ most, rms }] = now;
    expect(most).toBe(small.matrices.before.reduce((largest, value) => Math.max(largest, value)));
    expect(rms).toBeCloseTo(0.05, 3);
  });

  it('are none where nothing changed', () => expect(changesOf(now, now)).toEqual([]));

  it('say which array, and by how much', () => {
    const twice = changed((data) => data.forEach((value, i) => (data[i] = 2 * value)));
    expect(changesOf(now, twice)).toEqual([expect.stringMatching(/^"before": .*root mean square .* \(by 100 %\)$/)]);
    const swapped = changed((data) => data.reverse());
    expect(changesOf(now, swapped)).toEqual(['"before": other numbers of the same range and mean square']);
    expect(changesOf(now, now.slice(1))).toEqual(['"before" is there no more']);
  });
});
