// The verdict on train and merged form as a table: per layer, with the tolerance and where the largest
// difference is.
import { divergenceText } from '../../proof/divergence-text';
import { inputsText } from '../../proof/inputs-text';
import type { LayerComparison, VerifyReport } from '../../merge/report';
import { figureNumber, percent } from '../page/layout';
import { element, numeric, table, type Cell } from './report-html';
import { escapeXml } from '../encode/svg';

/** The verdict in a sentence, its circumstances, and the table of layers. */
export function verdictSection(report: VerifyReport): string {
  const rows = report.layers.map(layerRow);
  const head: Cell[] = ['layer', 'kind', numeric('largest |difference|'), numeric('relative'), numeric('tolerance'), 'worst at', 'verdict'];
  return `${verdictLine(report)}\n${element('p', circumstances(report))}\n${table('Largest difference of each layer’s output', head, rows)}`;
}

function verdictLine(report: VerifyReport): string {
  const { equivalent, maxAbs, maxRel } = report;
  const numbers = `largest difference ${figureNumber(maxAbs)}, relative ${figureNumber(maxRel)}`;
  if (equivalent) return element('p', `<strong>Equivalent:</strong> ${numbers}.`, 'verdict good');
  const where = divergenceText(report);
  return element('p', `<strong>Not equivalent:</strong> ${numbers}.${where === null ? '' : ` ${escapeXml(where)}.`}`, 'verdict bad');
}

function circumstances({ inputs, backend, tolerance, toleranceReason, storage, argMaxAgreement }: VerifyReport): string {
  const agreement =
    argMaxAgreement === null ? '' : ` The largest output is at the same place in ${percent(argMaxAgreement)} of the samples.`;
  const stored = storage ? ` Half precision: ${storage.text}.` : '';
  const input = `Inputs: ${inputsText(inputs)}. Backend: ${backend}.`;
  return escapeXml(
    `${input} Tolerance ${figureNumber(tolerance)}: ${toleranceReason}${/[.!]$/.test(toleranceReason) ? '' : '.'}${stored}${agreement}`,
  );
}

function layerRow({ path, kind, maxAbs, maxRel, tolerance, worst, equivalent }: LayerComparison): Cell[] {
  const place = `[${worst.index.join(', ')}]: ${figureNumber(worst.train, 6)} / ${figureNumber(worst.merged, 6)}`;
  const verdict: Cell = equivalent ? { text: 'equal', className: 'good' } : { text: 'differs', className: 'bad' };
  return [
    path || 'output',
    kind,
    numeric(figureNumber(maxAbs)),
    numeric(figureNumber(maxRel)),
    numeric(figureNumber(tolerance)),
    place,
    verdict,
  ];
}
