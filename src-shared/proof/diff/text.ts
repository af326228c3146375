// What `diff` found, as lines for a terminal and as Markdown for an issue: the same facts in the same order.
import { alignedColumns } from '../../base/aligned-columns';
import { inputsText } from '../inputs-text';
import type { DiffReport, MovedWeight } from './report';

/** Moved weights that are listed; the rest is counted. */
const LISTED = 20;

const HEADS = ['weight', 'largest', 'norm', 'relative', 'rank', 'changed', 'worst cell'];

/** `SAME FUNCTION`, or what is the case instead, with the reason. */
export function verdictText({ verdict, reason }: DiffReport): string {
  const said = { same: 'Same function', differs: 'NOT the same function', unproven: 'NOT shown to be the same function' }[verdict];
  return `${said}: ${reason}.`;
}

/** Where outputs part first; null where they do not, or nothing was run. */
export function partingText({ firstDivergentLayer, firstChangedLayer, worst }: DiffReport): string | null {
  const changed =
    firstChangedLayer === null || firstChangedLayer === firstDivergentLayer
      ? ''
      : `; outputs change in the last bits from ${firstChangedLayer} on`;
  if (firstDivergentLayer === null)
    return firstChangedLayer === null ? null : `First layer whose outputs change at all: ${firstChangedLayer}.`;
  const cell = worst === null ? '' : `, worst at [${worst.index.join(', ')}]: ${worst.a} in A, ${worst.b} in B`;
  return `First layer that differs: ${firstDivergentLayer}${cell}${changed}.`;
}

/** How names were matched, a sentence each. */
export function namesText({ names }: DiffReport): string[] {
  const { matched, prefixes, renamed, onlyA, onlyB, otherShape } = names;
  const prefixed = renamed.filter(({ how }) => how === 'prefix').length;
  const guessed = renamed.filter(({ how }) => how !== 'prefix');
  return [
    `${matched} tensors matched${prefixed > 0 ? `, ${prefixed} past a prefix ("${prefixes.a}" in A, "${prefixes.b}" in B)` : ''}.`,
    ...guessed.slice(0, LISTED).map(({ a, b, how }) => `Renamed: ${a} is ${b} in B (by ${how}).`),
    ...(guessed.length > LISTED ? [`And ${guessed.length - LISTED} more renamed.`] : []),
    ...listed('Only in A', onlyA),
    ...listed('Only in B', onlyB),
    ...listed(
      'Other shape',
      otherShape.map((one) => `${one.name} (${one.a.join('x')} and ${one.b.join('x')})`),
    ),
  ];
}

function listed(what: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const more = names.length > LISTED ? ` and ${names.length - LISTED} more` : '';
  return [`${what}: ${names.slice(0, LISTED).join(', ')}${more}.`];
}

function cellsOf({ name, inB, maxAbs, norm, relative, rank, rankAtLeast, changed, values, worst }: MovedWeight): string[] {
  const cell = `[${worst.index.join(', ')}] ${worst.a} -> ${worst.b}: ${worst.place}`;
  return [
    inB === null ? name : `${name} (${inB})`,
    maxAbs.toExponential(2),
    norm.toExponential(2),
    relative.toExponential(2),
    rankAtLeast ? `> ${rank}` : String(rank),
    `${changed} of ${values}`,
    cell,
  ];
}

/** Lines for a terminal. */
export function diffLines(report: DiffReport): string[] {
  const { a, b, moved, compared } = report;
  const parting = partingText(report);
  const rows = [HEADS, ...moved.slice(0, LISTED).map(cellsOf)].map((cells) => cells.slice(0, -1));
  const table = alignedColumns(rows, 1).flatMap((line, index) => (index === 0 ? [line] : [line, `    ${cellsOf(moved[index - 1])[6]}`]));
  return [
    `A: ${sideText(a)}`,
    `B: ${sideText(b)}`,
    verdictText(report),
    ...(parting === null ? [] : [parting]),
    ...namesText(report),
    ...compared.how.map((text) => `${text}.`),
    ...(moved.length === 0 ? ['No weight moved.'] : [movedText(report), ...table, ...moreText(moved.length)]),
    ...runText(report),
  ];
}

function sideText({ fileName, model, form, tensors }: DiffReport['a']): string {
  return `${fileName}: ${model === null ? 'an unknown network' : `${model}, ${form} form`}, ${tensors} tensors`;
}

function movedText({ moved, compared }: DiffReport): string {
  return `${moved.length} of ${compared.tensors} weights moved, the most moved (norm relative to A's) first:`;
}

function moreText(count: number): string[] {
  return count > LISTED ? [`and ${count - LISTED} more; --json lists all`] : [];
}

function runText({ run }: DiffReport): string[] {
  return run === null ? [] : [`inputs: ${inputsText(run.inputs)}; backend ${run.backend}; ${run.toleranceReason}`];
}

/** The report as Markdown, to be pasted into an issue. */
export function diffMarkdown(report: DiffReport): string {
  const { a, b, moved, compared } = report;
  const parting = partingText(report);
  const table = [HEADS, HEADS.map(() => '---'), ...moved.slice(0, LISTED).map((one) => cellsOf(one).map(escaped))];
  return [
    `**${verdictText(report)}**`,
    '',
    `- A: \`${a.fileName}\` (${a.model ?? 'unknown network'}${a.form === null ? '' : `, ${a.form} form`})`,
    `- B: \`${b.fileName}\` (${b.model ?? 'unknown network'}${b.form === null ? '' : `, ${b.form} form`})`,
    ...[...(parting === null ? [] : [parting]), ...namesText(report), ...compared.how, ...runText(report)].map(
      (text) => `- ${escaped(text)}`,
    ),
    ...(moved.length === 0
      ? ['', 'No weight moved.']
      : [
          '',
          movedText(report),
          '',
          ...table.map((cells) => `| ${cells.join(' | ')} |`),
          ...(moved.length > LISTED ? ['', `And ${moved.length - LISTED} more.`] : []),
        ]),
    '',
  ].join('\n');
}

/** Names of layers hold underscores and bars; in Markdown they are themselves. */
function escaped(text: string): string {
  return text.replace(/[|_*`<>[\]]/g, (mark) => `\\${mark}`);
}
