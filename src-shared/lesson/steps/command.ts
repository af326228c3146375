// `command`: the learner runs a command of the window, by the lesson's button or by any other way to it.
import { z } from 'zod';
import { suggestionText } from '../../base/nearest-name';
import { strictObject } from '../../model/strict-object';
import { stepKind, textFields } from './kind';

const schema = strictObject({
  run: z.string(),
  by: z.enum(['button', 'learner']).default('button'),
  until: z.string().optional(),
  label: z.string().optional(),
  optional: z.boolean().default(false),
});

export const commandKind = stepKind({
  kind: 'command',
  says: 'a command of the window that has to be run before the lesson goes on',
  schema,
  words: strictObject({ label: z.string() }).partial(),
  formulas: ({ until }) => (until === undefined ? [] : [{ path: ['until'], text: until, type: 'boolean' }]),
  texts: ({ label }) => textFields([['label'], label]),
  problems: ({ run }, { commands }) =>
    commands.includes(run) ? [] : [{ path: ['run'], message: `there is no command ${run}; ${suggestionText(run, commands)}` }],
  fields: [
    ['run', 'the id of the command, from the list of commands below'],
    ['by', '`button` (the lesson has a button that runs it; the usual) or `learner` (it has to be found in the window)'],
    ['until', 'a formula that has to become true after it, such as `merge.done`'],
    ['label', "what the button says; the command's own name where it is left out"],
    ['optional', '`true` lets the learner go on without it'],
  ],
  example: 'run: run-merge\nuntil: merge.done',
});
export type CommandBlock = z.output<typeof schema>;
