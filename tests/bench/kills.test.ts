// Some dozens of the kills that `npm run bench -- kills` makes a thousand of; no browser here.
import { expect, test } from 'vitest';
import { killMany } from '../../bench/kills';
import { buildNode, buildWeb } from '../../electron/launcher/build.mjs';

test.skipIf(process.platform === 'win32')(
  'two dozen kills of verbs, trainings, threads, fetches and the browser host lose nothing, and the next start leaves nothing over',
  async () => {
    await Promise.all([buildNode(), buildWeb()]);
    const ledger = await killMany(['files', 'training', 'threads', 'service', 'fetch'], 24, Date.now() % 1000);
    expect(ledger.lost).toEqual([]);
    expect(ledger.count).toBeGreaterThanOrEqual(24);
  },
  600_000,
);
