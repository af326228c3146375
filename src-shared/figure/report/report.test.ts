// The report is complete, self-contained and safe against names that look like HTML.
import { describe, expect, it } from 'vitest';
import { ledger } from '../../cost/ledger';
import { mergedSpec } from '../../model/merged-spec';
import type { VerifyReport } from '../../merge/report';
import { buildModel } from '../../model/zoo';
import { reportHtml, type ReportContent } from './report';

const spec = buildModel('pure-mlp-small');
const [train, merged] = [ledger(spec), ledger(mergedSpec(spec))];

const worst = { index: [0, 3], train: 1.5, merged: 1.25 };
const output = {
  path: '',
  kind: 'output',
  maxAbs: 0.25,
  maxRel: 0.1,
  scale: 2.5,
  tolerance: 1e-4,
  equivalent: false,
  unusable: null,
  worst,
};
const verdict: VerifyReport = {
  equivalent: false,
  tolerance: 1e-4,
  toleranceReason: 'float32 sums in another order',
  storage: null,
  maxAbs: 0.25,
  maxRel: 0.1,
  argMaxAgreement: 0.5,
  layers: [output],
  firstDivergentLayer: 'stage1.mix1',
  backend: 'cpu',
  inputs: { source: 'random', shape: [2, 3, 32, 32], seed: 7 },
};

const content: ReportContent = {
  title: 'A <b>bold</b> & quick run',
  summary: 'Trained, merged, compared.',
  facts: [['model', 'pure-mlp-small']],
  training: { figure: { svg: '<svg><metadata>{}</metadata></svg>', caption: 'curves' }, text: 'One.\n\nTwo.' },
  verdict,
  matrices: [{ svg: '<svg id="m"></svg>', caption: 'FC3' }],
  pattern: null,
  cost: { train, merged, figure: null },
};

describe('reportHtml', () => {
  const html = reportHtml(content);

  it('fetches nothing and runs nothing', () => {
    expect(html).not.toMatch(/<script|<link|src=|href="(?!data:)|@import|url\(/);
  });

  it('escapes text', () => {
    expect(html).toContain('A &lt;b&gt;bold&lt;/b&gt; &amp; quick run');
    expect(html).not.toContain('<b>bold');
  });

  it('says plainly that the forms differ, and where', () => {
    expect(html).toContain('Not equivalent:');
    expect(html).toContain('First layer that differs: stage1.mix1');
    expect(html).toContain('50.0 % of the samples');
  });

  it('lists every operation of both forms, vanished ones struck out, with totals and convention', () => {
    for (const row of [...train.layers, ...merged.layers]) expect(html).toContain(`>${row.name}<`);
    expect(html).toContain('<td class="gone">stage1.mix1.fc3_bn</td>');
    expect(html).not.toContain('<td class="gone">stage1.mix1.fc3</td>');
    expect(html).toContain(merged.params.toLocaleString('en-US'));
    expect(html).toContain(merged.convention.replaceAll('&', '&amp;'));
  });

  it('leaves out parts that are null', () => {
    expect(html).not.toContain('Where the layers look');
    expect(reportHtml({ ...content, verdict: null })).not.toContain('same function?');
  });
});
