// Pages of help that say what stands in the code: the command line from its verbs, the tables for writers of lessons from the records
// of steps, values, parts and commands. `npm run reference` writes them; a test holds that they are as the code is.
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { allCommandRecords } from '@shared/link/commands';
import { lessonReference, markdownTable } from '@shared/lesson/reference/tables';
import { formatsPage } from './formats';
import { keysOfCommands } from './keys';
import { commandLineProgram } from '../command-line';

/** Pages below assets/help, by file name, as they should be. `read` gives a page as it is. */
export async function referencePages(read: (name: string) => string = readPage): Promise<Readonly<Record<string, string>>> {
  return {
    'reference/command-line.md': commandLinePage(await commandLineProgram()),
    'reference/formats.md': formatsPage(),
    'reference/keyboard.md': keysOfCommands(),
    'writing-lessons.md': writingLessons(read('writing-lessons.md')),
  };
}

const HELP = new URL('../../../assets/help/', import.meta.url);

export function readPage(name: string): string {
  return readFileSync(new URL(name, HELP), 'utf8');
}

/** Everything from this heading on is made here. */
const MADE = '\n# Reference\n';

function writingLessons(text: string): string {
  const at = text.indexOf(MADE);
  if (at < 0) throw new Error('writing-lessons.md has no heading "# Reference", from which on its tables stand');
  return `${text.slice(0, at + MADE.length)}\n${lessonReference(allCommandRecords)}\n`;
}

/** Every verb with its arguments and options. */
function commandLinePage(program: Command): string {
  const verbs = program.commands.flatMap((command) => verbSections(command, 'repmlp'));
  return [
    '# Command line',
    'What `repmlp --help` and `repmlp VERB --help` say. Exit code 0: done, and passed where something is judged; 1: judged and failed; 2: bad usage or input.',
    ...verbs,
    '',
  ].join('\n\n');
}

function verbSections(command: Command, before: string): string[] {
  const name = `${before} ${command.name()}`;
  if (command.commands.length > 0)
    return [`## ${name}`, sentence(command.description()), ...command.commands.flatMap((one) => verbSections(one, name))];
  const operands = command.registeredArguments.map((one) => (one.required ? `<${one.name()}>` : `[${one.name()}]`));
  const options = command.options.map(({ flags, description, argChoices }) => [
    `\`${flags}\``,
    argChoices ? `${description}: ${argChoices.join(', ')}` : description,
  ]);
  const table = options.length > 0 ? [markdownTable(['option', 'what it does'], options)] : [];
  const level = before === 'repmlp' ? '##' : '###';
  return [
    `${level} ${[name, ...operands].join(' ').replace(/[<>[\]]/g, (mark) => `\\${mark}`)}`,
    sentence(command.description()),
    ...table,
  ];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
