// The list of all commands.
import { expect, test } from 'vitest';
import { allCommandRecords } from '@shared/link/commands';
import { STAGE_TEXT } from '../studio/navigation';
import { commands } from './commands';
import { found } from './Palette';

test('every record has a command, and every command its record', () => {
  const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id).sort();
  expect(ids(commands)).toEqual(ids(allCommandRecords));
});

test('no two commands that can run together share a shortcut without a stage to part them', () => {
  const open = commands.filter(({ keys, when }) => keys && !when).map(({ keys }) => keys);
  expect(new Set(open).size).toBe(open.length);
});

test('stages are called in the palette, the menus and the headings of commands as in the rail', () => {
  for (const [stage, { title }] of Object.entries(STAGE_TEXT)) {
    const going = allCommandRecords.find(({ id }) => id === `go-${stage}`);
    expect(going?.label).toBe(`Show ${title.toLowerCase()}`);
  }
  const titles = Object.values(STAGE_TEXT).map(({ title }) => title);
  const headings = new Set(allCommandRecords.map(({ group }) => group));
  expect([...headings].filter((heading) => !['Go', 'Edit', 'Window'].includes(heading) && !titles.includes(heading))).toEqual([]);
});

test('the palette finds nothing that has not every word asked for, and the command called so before others', () => {
  expect(found('Show cost', 'lesson', ['flops', 'macs', 'parameters'])).toBe(0);
  expect(found('Go Show training', 'learn ra', ['learning', 'rate'])).toBeGreaterThan(0);
  expect(found('Go Show cost', 'show cost')).toBeGreaterThan(found('Go Show model', 'cost', ['cost']));
  expect(found('Training Evaluate', 'undo')).toBe(0);
});

test('the palette knows the words people use', () => {
  const ids = (word: string) =>
    commands.filter(({ group, label, words }) => found(`${group} ${label}`, word, words?.split(' ')) > 0).map(({ id }) => id);
  expect(ids('help')).toContain('learn');
  expect(ids('lesson')).toContain('learn');
  expect(ids('settings')).toEqual(expect.arrayContaining(['go-model', 'go-training', 'next-theme']));
  expect(ids('convolution')).toEqual(expect.arrayContaining(['learn', 'go-merge', 'go-matrix']));
  for (const word of ['delete', 'trash', 'rename', 'baseline', 'accuracy']) expect(ids(word)).toContain('go-training');
  expect(ids('undo')).toEqual(expect.arrayContaining(['go-back', 'undo']));
});

test.each([
  ['open', 'open-checkpoint'],
  ['import', 'open-checkpoint'],
  ['pytorch', 'go-checkpoint'],
  ['onnx', 'go-checkpoint'],
  ['export', 'go-figure'],
  ['save', 'save-figure'],
  ['download', 'go-figure'],
  ['screenshot', 'go-figure'],
  ['print', 'go-figure'],
  ['about', 'go-settings'],
  ['version', 'go-settings'],
  ['update', 'go-settings'],
  ['license', 'go-settings'],
  ['licence', 'go-settings'],
  ['language', 'go-settings'],
  ['memory', 'go-settings'],
  ['gpu', 'go-settings'],
  ['dark', 'next-theme'],
  ['theme', 'next-theme'],
  ['keyboard', 'palette'],
  ['shortcuts', 'palette'],
  ['search', 'palette'],
  ['docs', 'help'],
  ['fullscreen', 'matrices-full-screen'],
  ['colormap', 'matrices-panel-view'],
  ['heatmap', 'go-matrix'],
  ['batchnorm', 'go-merge'],
  ['reparam', 'go-merge'],
  ['params', 'go-cost'],
  ['quantization', 'go-cost'],
  ['seed', 'go-training'],
  ['tensorboard', 'go-training'],
  ['bundle', 'go-training'],
  ['resnet', 'go-model'],
  ['resume', 'resume-training'],
  ['cancel', 'stop-training'],
  ['reload', 'refresh-runs'],
  ['student', 'go-lesson'],
])('the palette finds by "%s" what a newcomer means by it', (word, id) => {
  const command = commands.find((one) => one.id === id);
  expect(found(`${command?.group} ${command?.label}`, word, command?.words?.split(' '))).toBeGreaterThan(0);
});
