import { describe, expect, it } from 'vitest';
import { runFolderName } from './run-name';

describe('the folder of a run', () => {
  it.each([
    ['run-1', 'run-1'],
    ['a/b c:d*?', 'a-b-c-d'],
    ['../../evil', 'evil'],
    ['Läufer 7 ✓', 'Läufer-7'],
    ['.hidden.', 'hidden'],
  ])('of %s is called %s', (name, folder) => {
    expect(runFolderName(name)).toBe(folder);
  });

  it('has a name that a file system takes', () => {
    for (const name of ['', '..', '???']) expect(() => runFolderName(name)).toThrow('a run needs a name with letters or digits');
    expect(() => runFolderName('x'.repeat(201))).toThrow('may have 200 bytes, a letter has one or more; got 201');
    expect(() => runFolderName('層'.repeat(67))).toThrow('got 201');
  });
});
