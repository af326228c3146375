// The page of help on formats, conventions and formulas, made of the records that the program itself reads and counts by.
import { conventionText, PAPER_CONVENTION } from '@shared/cost/convention';
import { ledger, type LedgerRow } from '@shared/cost/ledger';
import { PYTORCH_ENDINGS } from '@shared/checkpoint/write';
import { EMBEDDED_NAMES } from '@shared/dataset/reference-schema';
import { figureKinds } from '@shared/figure/registry';
import { FIGURE_FORMATS, RECIPE_FORMAT } from '@shared/figure/recipe';
import { VENUE_NAMES, venueOf } from '@shared/figure/venues';
import { markdownTable } from '@shared/lesson/reference/tables';
import { mergedSpec } from '@shared/model/merged-spec';
import { buildModel } from '@shared/model/zoo';

/** The network whose ledger shows the formulas: it has a layer of each kind that RepMLP is made of. */
const EXAMPLE = 'pure-mlp-small';

const code = (text: string): string => `\`${text}\``;

/** The page. */
export function formatsPage(): string {
  return [
    '# Formats, conventions, formulas',
    'What files the program reads and writes, how it counts, and by which formulas.',
    '## Weights',
    `Read and written: ${PYTORCH_ENDINGS.map(code).join(', ')} (PyTorch), \`.safetensors\`, \`.npz\`; \`.onnx\` is written by \`repmlp export\` and looked into by \`repmlp inspect\`. Arrays lie as in PyTorch: a convolution's weight is (O, C / groups, K, K), a fully-connected one's (outputs, inputs), and the rows of FC3 are numbered channel first, then row, then column, of the map.`,
    '## Data',
    `Drawn by the program: ${EMBEDDED_NAMES.map(code).join(', ')}. The same seed draws the same pictures. Pictures are read as channels, rows, columns.`,
    '## Figures',
    `A figure is written as ${FIGURE_FORMATS.map((format) => format.toUpperCase()).join(', ')}, and is made of a recipe: a JSON file that begins with \`"format": "${RECIPE_FORMAT.format}", "version": ${RECIPE_FORMAT.version}\`, has a \`layout\` (\`widthMm\`, \`fontPt\`, \`title\`) and a \`kind\`:`,
    markdownTable(
      ['kind', 'name', 'what it shows'],
      figureKinds.map(({ kind, title, says }) => [code(kind), title, says]),
    ),
    'Sizes of places where it may be printed:',
    markdownTable(
      ['venue', 'one column, mm', 'two columns, mm', 'most height, mm'],
      VENUE_NAMES.map((name) => {
        const { widthMm, heightMm } = venueOf(name);
        const double = 'double' in widthMm ? widthMm.double : undefined;
        return [code(name), millimetres(widthMm.single), double === undefined ? '' : millimetres(double), millimetres(heightMm)];
      }),
    ),
    '## How work is counted',
    `As in the papers, unless another convention is chosen: ${conventionText(PAPER_CONVENTION)}. Other choices, for comparison: ${conventionText({ unit: 'flops', batchNorm: true, bias: true, activation: true })}.`,
    '## Formulas of the ledger',
    `One layer of each kind of the network \`${EXAMPLE}\`, with its numbers filled in. Click any number in the Cost stage for its own formula.`,
    markdownTable(['layer', 'kind', 'multiply-accumulates', 'parameters', 'bytes'], formulas()),
    '',
  ].join('\n\n');
}

const millimetres = (length: number): string => String(Math.round(10 * length) / 10);

/** The first row of each kind, in both forms. */
function formulas(): string[][] {
  const spec = buildModel(EXAMPLE);
  const firsts = new Map<string, LedgerRow>();
  for (const row of [spec, mergedSpec(spec)].flatMap((form) => ledger(form).layers)) if (!firsts.has(row.kind)) firsts.set(row.kind, row);
  return [...firsts.values()].map(({ name, kind, formula, paramsFormula, bytesFormula }) => [
    code(name),
    kind,
    formula,
    paramsFormula,
    bytesFormula,
  ]);
}
