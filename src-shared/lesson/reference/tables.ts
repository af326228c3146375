// The tables of the manual for writers of lessons, made of the records that the program itself reads. Invariant: what stands in them
// is what the program takes; nothing of it is typed a second time.
import { CHAPTERS, DRAWN_PICTURES, SAMPLE_SETS } from '../../matrix/convolution-scene';
import { EMBEDDED_NAMES } from '../../dataset/reference-schema';
import { FUNCTIONS } from '../expression/evaluate';
import { LESSON_STAGES, WINDOW_PARTS } from '../parts';
import { FAULT_TEXT, PLANTED_FAULTS } from '../planted';
import { STEP_KINDS, stepKindNames } from '../steps';
import type { StepKind } from '../steps/kind';
import { VALUE_GROUPS } from '../values';

/** A Markdown table. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const code = (text: string): string => `\`${text}\``;

/** A command of the window, as the manual lists it. */
export interface ListedCommand {
  readonly id: string;
  readonly label: string;
}

/** Everything a lesson can be written with: blocks, values, functions, parts, commands. */
export function lessonReference(commands: readonly ListedCommand[]): string {
  return [
    '## Blocks',
    ...stepKindNames.map((name) => blockSection(STEP_KINDS[name] as StepKind)),
    '## Scenes',
    SCENES,
    '## Values in formulas',
    'In formulas, and in texts between `[[` and `]]`.',
    ...VALUE_GROUPS.map(
      ([heading, values]) =>
        `### ${heading}\n\n${markdownTable(
          ['value', 'type', 'what it is'],
          values.map(({ name, type, says }) => [code(name), type, says]),
        )}`,
    ),
    '### Besides',
    '- `answer`: what was typed, in the `expect` and `feedback` of a check with an `answer`.\n- `data.NAME`: a number, text or truth value from `data:` in the front matter of the lesson.',
    '## Operators and functions',
    'Numbers, texts in double quotes, `true`, `false`, brackets; `+ - * /`, `= != < <= > >=`, `and`, `or`, `not`; and',
    Object.values(FUNCTIONS)
      .map(({ says }) => `- ${code(says.split(':')[0])}:${says.slice(says.indexOf(':') + 1)}`)
      .join('\n'),
    'A value that is not there yet (nothing was merged) makes a formula unknown: the learner is told so, and it costs no try.',
    '## Parts of the window',
    'For `highlight`, `hide` and `lock`.',
    markdownTable(
      ['part', 'stage', 'what it is'],
      WINDOW_PARTS.map(({ name, stage, says }) => [code(name), stage ?? 'every', says]),
    ),
    '## Stages, data, mistakes',
    `Stages: ${LESSON_STAGES.map(code).join(', ')}.`,
    `Embedded data: ${EMBEDDED_NAMES.map(code).join(', ')}.`,
    `Mistakes for \`planted\`:\n\n${PLANTED_FAULTS.map((fault) => `- ${code(fault)}: ${FAULT_TEXT[fault]}`).join('\n')}`,
    '## Commands',
    markdownTable(
      ['command', 'what it is called in the window'],
      commands.map(({ id, label }) => [code(id), label]),
    ),
  ].join('\n\n');
}

function blockSection({ kind, says, fields, example, more = [] }: StepKind): string {
  return [
    `### ${kind}`,
    `${says[0].toUpperCase()}${says.slice(1)}.`,
    markdownTable(
      ['field', 'what it says'],
      fields.map(([name, text]) => [code(name), text]),
    ),
    `\`\`\`yaml\n${example}\n\`\`\``,
    ...more.map(([what, other]) => `${what}:\n\n\`\`\`yaml\n${other}\n\`\`\``),
  ].join('\n\n');
}

const SCENES = [
  'A scene is what the convolution stage shows. Fields that are left out are as usual, which stands in brackets: a scene that a `state`, a `given` or a `tryout` names replaces the one that is shown as a whole, and takes nothing over from it. So write all of it each time.',
  markdownTable(
    ['field', 'what it says'],
    [
      ['`h`, `w`', 'height and width of the picture, 2 to 14 (7)'],
      ['`C`, `O`, `groups`', 'input channels, output channels, groups, 1 to 4 (1)'],
      [
        '`kernels`',
        'a list of `{kind: weights, K: 1, 3 or 5, weight: [...]}` and `{kind: identity}`; `weight` is needed: one list of `O` x `C`/`groups` x `K` x `K` numbers, row after row, input after input, output after output (usual: one 3x3 kernel, `[0, -1, 0, -1, 4, -1, 0, -1, 0]`); a batch norm as `norm: {gamma: [..], beta: [..], mean: [..], variance: [..], eps: 0.00001}`, a number for each output channel',
      ],
      ['`pad`, `stride`', 'zeros around the picture (1), steps of the window (1)'],
      [
        '`picture`',
        `\`{kind: drawn, name: NAME}\` with ${DRAWN_PICTURES.join(', ')}; \`{kind: sample, of: SET, index: N}\` with ${SAMPLE_SETS.join(', ')}; or \`{kind: values, values: [...]}\`: \`C\` x \`h\` x \`w\` numbers, row after row, channel after channel, 0 for black and 9 for white (any from -1000000 to 1000000 is taken; where some are negative, the picture is shown in the colours of the matrix, zero in the middle)`,
      ],
      ['`folded`', 'whether the batch norms are inside the kernels (false)'],
      [
        '`fc`',
        'a layer beside the kernels: `{kind: seeded, seed: N, deviation: X}`, or real weights: `{kind: layer, block: stage1.mix1, o: 0, c: 0}`',
      ],
      ['`matrix`', 'what the matrix is of: `whole` (usual), `kernels`, `fc`, or the place of one kernel, counted from 0'],
      ['`follow`', '`{kind: window, o, i, j}`, `{kind: weight, o, c, u, v}` or `{kind: pixel, c, a, b}`, all counted from 0'],
      ['`chapter`', `the stage's own heading: ${CHAPTERS.join(', ')}`],
    ],
  ),
].join('\n\n');
