// A run to look at: a small network trained for a few epochs on drawn shapes, as `repmlp train` does it.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildNode } from '../../electron/launcher/build.mjs';

export const RUN = 'first-try';
const DATA = 'shapes:train=600,validation=200,seed=3';

/** Trains into `runs`; takes about half a minute. */
export async function trainForScreenshots(runs: string): Promise<void> {
  await buildNode();
  const words = ['train', '--model', 'pure-mlp-small', '--data', DATA, '--epochs', '4', '--seed', '1', '--out', join(runs, RUN)];
  await promisify(execFile)(process.execPath, ['dist/cli.mjs', ...words]);
}
