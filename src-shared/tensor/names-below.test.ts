import { expect, test } from 'vitest';
import { NamesBelow } from './names-below';

test('a prefix finds the names that begin with it, in the order they were given, whatever stands between', () => {
  const names = ['b.fc', 'a.z', 'a', 'a.b.c', 'ab.c', 'a.a', 'a.\uffff', 'z'];
  const index = new NamesBelow(names);
  for (const prefix of ['', 'a', 'a.', 'a.b.', 'a.b.c', 'b', 'c', 'zz', '\uffff'])
    expect([prefix, index.below(prefix)]).toEqual([prefix, names.filter((name) => name.startsWith(prefix))]);
});
