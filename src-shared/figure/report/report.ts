// One HTML page that tells the whole story of a merge: network, data, training, verdict, matrices,
// pattern, cost. Self-contained: figures are inline SVG, there is no script and no link to fetch.
import type { Ledger } from '../../cost/ledger';
import type { VerifyReport } from '../../merge/report';
import { costSection } from './report-cost';
import { definitions, element, figureHtml, paragraphs, type ReportFigure } from './report-html';
import { verdictSection } from './report-verdict';
import { REPORT_STYLE } from './report-style';
import { escapeXml } from '../encode/svg';

/** Everything the report shows; a null part is left out. */
export interface ReportContent {
  readonly title: string;
  /** What was done, in a sentence or two. */
  readonly summary: string;
  /** Name and value pairs: model, parameters, data, seeds, epochs, backend, versions. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly training: { readonly figure: ReportFigure | null; readonly text: string } | null;
  readonly verdict: VerifyReport | null;
  readonly matrices: readonly ReportFigure[];
  readonly pattern: { readonly figures: readonly ReportFigure[]; readonly text: string } | null;
  readonly cost: { readonly train: Ledger; readonly merged: Ledger; readonly figure: ReportFigure | null } | null;
}

/** The report as one HTML document. */
export function reportHtml(content: ReportContent): string {
  const { title, summary, facts, training, verdict, matrices, pattern, cost } = content;
  const sections = [
    section('Network, data and run', definitions(facts)),
    training && section('Training', paragraphs(training.text) + (training.figure ? figureHtml(training.figure) : '')),
    verdict && section('Are both forms the same function?', verdictSection(verdict)),
    matrices.length > 0 && section('The FC3 matrix before and after', matrices.map(figureHtml).join('\n')),
    pattern && section('Where the layers look', paragraphs(pattern.text) + pattern.figures.map(figureHtml).join('\n')),
    cost && section('What it costs', (cost.figure ? figureHtml(cost.figure) : '') + costSection(cost.train, cost.merged)),
  ];
  const body = `<header><h1>${escapeXml(title)}</h1><p class="summary">${escapeXml(summary)}</p></header>\n${sections.filter(Boolean).join('\n')}`;
  return [
    '<!doctype html>',
    '<html lang="en">',
    `<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeXml(title)}</title>`,
    `<style>${REPORT_STYLE}</style></head>`,
    `<body><main>\n${body}\n<footer>Made with RepMLP Studio.</footer></main></body>`,
    '</html>\n',
  ].join('\n');
}

function section(heading: string, body: string): string {
  return element('section', `<h2>${escapeXml(heading)}</h2>\n${body}`);
}
