// The keyboard's page: every command that has keys, from the records that the window itself obeys.
import { allCommandRecords } from '@shared/link/commands';
import { markdownTable } from '@shared/lesson/reference/tables';

/** The page, a table a group. */
export function keysOfCommands(): string {
  const withKeys = allCommandRecords.filter(({ keys }) => keys !== undefined);
  const groups = [...new Set(withKeys.map(({ group }) => group))];
  return [
    '# Keyboard',
    'On a Mac, Ctrl is the Command key. Keys without Ctrl or Alt do nothing while you type into a field. F1 opens the page of help on what is shown, Ctrl+K finds any command.',
    ...groups.flatMap((group) => [
      `## ${group}`,
      markdownTable(
        ['keys', 'what they do'],
        withKeys.filter((one) => one.group === group).map(({ keys = '', label }) => [`\`${keys.replace('Mod', 'Ctrl')}\``, label]),
      ),
    ]),
    '',
  ].join('\n\n');
}
