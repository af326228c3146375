// What is killed, and how large a share of all kills it has. The only list of scenes.
import type { Random } from '../../src-shared/tensor/random';
import { openFetchScene } from './fetching';
import { openFileScene } from './files';
import type { Ledger } from './ledger';
import type { Scene } from './scene';
import { openServiceScene } from './service';
import { openTrainingScene } from './training';
import { openWindowScene } from './window';

export interface SceneRecord {
  readonly share: number;
  open(ledger: Ledger, random: Random, base: string): Promise<Scene>;
}

export const SCENES: Readonly<Record<string, SceneRecord>> = {
  files: { share: 30, open: openFileScene },
  training: { share: 30, open: (ledger, random, base) => openTrainingScene(ledger, random, base, 'program') },
  threads: { share: 10, open: (ledger, random, base) => openTrainingScene(ledger, random, base, 'threads') },
  service: { share: 15, open: openServiceScene },
  window: { share: 5, open: openWindowScene },
  fetch: { share: 10, open: openFetchScene },
};
