// Texts that fields refused.
import { beforeEach, expect, test } from 'vitest';
import { draftKeeper, drafts, dropDrafts, refusedOn } from './drafts';
import { navigation } from './navigation';

const draft = { label: 'Epochs', value: '5', text: '0', problem: 'this takes a whole number from 1 on' };

beforeEach(() => {
  drafts.setState({ refused: [] });
  navigation.setState({ stage: 'training' });
});

test('a refused text stays when its stage is left, is there again when it is shown, and is said with its stage', () => {
  draftKeeper.write('epochs', draft);
  expect(refusedOn('training', 'dataset')).toBe('Epochs: this takes a whole number from 1 on; it holds "0"');
  navigation.setState({ stage: 'cost' });
  draftKeeper.leave('epochs');
  expect(refusedOn('training')).toBe('Epochs (Training): this takes a whole number from 1 on; it holds "0"');
  expect(refusedOn('dataset', 'cost')).toBeNull();
  navigation.setState({ stage: 'training' });
  expect(draftKeeper.read('epochs')).toMatchObject(draft);
});

test('it is gone once the field holds what it is worth, leaves while its stage stays, or stands for something else', () => {
  for (const end of [
    () => draftKeeper.write('epochs', null),
    () => draftKeeper.leave('epochs'),
    () => dropDrafts('training', ['epochs']),
  ]) {
    draftKeeper.write('epochs', draft);
    expect(refusedOn('training')).not.toBeNull();
    end();
    expect(refusedOn('training')).toBeNull();
  }
});

test('fields of one name on two stages are two fields', () => {
  draftKeeper.write('seed', { ...draft, label: 'Seed' });
  navigation.setState({ stage: 'dataset' });
  expect(draftKeeper.read('seed')).toBeUndefined();
  draftKeeper.write('seed', null);
  expect(refusedOn('training')).toContain('Seed');
});
