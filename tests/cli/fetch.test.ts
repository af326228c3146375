// Fetching a data set through the command line, from a server on this machine that knows ranges and can be slow.
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startDataServer, type DataServer } from '../data-server';
import { repmlp, temporaryFolder } from './repmlp';

let server: DataServer;
let target: string;

beforeAll(async () => {
  server = await startDataServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  target = join(await temporaryFolder(), 'digits');
  server.asked.length = 0;
  server.haltAfter = null;
});

const fetching = (args: readonly string[], onStart?: Parameters<typeof repmlp>[1]) =>
  repmlp(['fetch', ...args], onStart, { REPMLP_DATASETS: server.list });

test('a data set is fetched, checked and opened, and says how to use it', async () => {
  const { code, stdout, stderr } = await fetching(['digits', target, '--json']);
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('Be kind.') as string });
  expect(JSON.parse(stdout)).toMatchObject({ name: 'digits', data: target, train: 250, validation: 5, task: 'classification' });
  const again = await fetching(['digits', target]);
  expect(again.stdout).toContain(`250 training and 5 validation samples, 250 classes; use it with --data ${target}`);
  expect(server.asked).toHaveLength(4);
});

test('Ctrl-C keeps what has arrived, and the same command goes on from there', async () => {
  server.haltAfter = 700;
  const part = join(target, 'train-images-idx3-ubyte.part');
  const { code, stderr, stdout } = await fetching(['digits', target], (child) => {
    void (async () => {
      while ((await readFile(part).catch(() => '')).length < 700 && child.exitCode === null) await wait(5);
      child.kill('SIGINT');
    })();
  });
  expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
  expect(stderr).toContain('what has arrived is kept');
  server.haltAfter = null;
  expect((await fetching(['digits', target])).code).toBe(0);
  expect(server.asked).toContain('/train-images-idx3-ubyte bytes=700-');
  expect(existsSync(part)).toBe(false);
});

test('a file of another content is named, and none of it is used', async () => {
  await fetching(['digits', target]);
  await writeFile(join(target, 't10k-labels-idx1-ubyte'), 'mine');
  const { code, stderr } = await fetching(['digits', target]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/t10k-labels-idx1-ubyte: is there already, with MD5 \w+; published is \w+\. Remove or rename it/);
});

test('without a name the data sets are listed, with what is not fetched from here', async () => {
  const { code, stdout } = await fetching([]);
  expect(code).toBe(0);
  for (const name of ['digits', 'cifar10', 'mnist', 'Cityscapes needs an account']) expect(stdout).toContain(name);
});

test.each([
  [['digit', 'x'], 'did you mean "digits"?'],
  [['cityscapes', 'x'], 'Cityscapes cannot be fetched from here: it needs an account'],
  [['digits'], 'say where to put it'],
])('%j is refused in one sentence, and nothing is written', async (args, sentence) => {
  const { code, stderr, stdout } = await fetching(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(sentence);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(server.asked).toEqual([]);
});
