// One HTML page that tells the whole story of a merge: network, data, training, verdict, matrices,
// pattern, cost. Self-contained: figures are inline SVG, there is no script and no link to fetch.
import type { Ledger } from '../../cost/ledger';
import type { VerifyReport } from '../../merge/report';
import { costSection } from './report-cost';
import { definitions, element, figureHtml, paragraphs, type ReportFigure } from './report-html';
import { verdictSection } from './report-verdict';
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

// A quiet page that prints well, light or dark by the reader's setting. Figures keep their white paper in both, so that their
// colours mean the same everywhere.
const REPORT_STYLE = `
:root { color-scheme: light dark; --ink: #1c1c1e; --faint: #5c5c62; --paper: #ffffff; --rule: #dcdce0; --good: #1b6b36; --bad: #a3200d; --tint: #f5f5f7; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ececee; --faint: #a4a4ac; --paper: #17171a; --rule: #36363c; --good: #6fce8c; --bad: #ff8f7d; --tint: #1f1f23; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 'DejaVu Sans', system-ui, 'Segoe UI', Roboto, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .5rem; text-wrap: balance; }
h2 { font-size: 1.25rem; margin: 2.75rem 0 .75rem; padding-top: .75rem; border-top: 1px solid var(--rule); }
p { margin: .5rem 0; max-width: 44rem; }
.summary { font-size: 1.08rem; color: var(--faint); }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(16rem, 1fr)); gap: .5rem 1.5rem; margin: 0; }
dl div { min-width: 0; }
dt { color: var(--faint); font-size: .82rem; }
dd { margin: 0; overflow-wrap: anywhere; }
figure { margin: 1.25rem 0; }
figure svg { display: block; width: 100%; height: auto; background: #ffffff; border: 1px solid var(--rule); border-radius: 6px; }
figcaption { margin-top: .5rem; font-size: .88rem; color: var(--faint); max-width: 44rem; }
.scroll { overflow-x: auto; margin: 1rem 0; border: 1px solid var(--rule); border-radius: 6px; }
table { border-collapse: collapse; width: 100%; font-size: .8rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: .6rem .7rem; font-size: .88rem; color: var(--faint); }
th, td { padding: .28rem .7rem; text-align: left; white-space: nowrap; border-top: 1px solid var(--rule); }
th { font-weight: 600; background: var(--tint); }
tfoot td { font-weight: 600; background: var(--tint); }
.number { text-align: right; }
.faint { color: var(--faint); }
.gone { text-decoration: line-through; color: var(--faint); }
.good { color: var(--good); }
.bad { color: var(--bad); }
.verdict { font-size: 1.1rem; }
ul { margin: .25rem 0; padding-left: 1.2rem; color: var(--faint); font-size: .88rem; }
footer { margin-top: 3rem; color: var(--faint); font-size: .82rem; }
@media print { body { font-size: 11px; } section { break-inside: auto; } figure, tr { break-inside: avoid; } .scroll { overflow: visible; } }
`;
