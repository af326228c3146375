// The three ways into the studio, as the first screen offers them. Each leads to where its first step is done, and
// loads what is done there when it is entered: this screen is the first to be there.
import { seed } from '@shared/tensor/random';
import { openWithDialog } from '../../studio/files';
import { goTo } from '../../studio/navigation';
import { BUNDLED, chooseWeights } from '../../studio/network/weights';

export interface Door {
  readonly id: string;
  readonly title: string;
  readonly says: string;
  /** Whether it needs the service. */
  readonly ofService: boolean;
  readonly enter: () => unknown;
}

export const DOORS: readonly Door[] = [
  {
    id: 'open',
    title: 'Open my checkpoint',
    says: 'A .pth, .safetensors or .npz: its network is recognised, merged and proved. Dropping the file on the window does the same.',
    ofService: true,
    enter: openWithDialog,
  },
  {
    id: 'learn',
    title: 'Learn why a convolution is a sparse matrix',
    says: 'A picture, a kernel and their matrix to touch: what a window, a weight and a pixel are in it, up to the merge.',
    ofService: false,
    enter: async () => {
      goTo('convolution');
      await (await import('../convolution')).learn();
    },
  },
  {
    id: 'train',
    title: 'Train one here and make a figure',
    says: 'A small network on shapes drawn here, in minutes; then merged, looked at, and saved as a figure.',
    ofService: true,
    enter: async () => {
      const { chooseEmbedded } = await import('../dataset');
      chooseWeights(BUNDLED);
      chooseEmbedded('shapes', seed(1));
      goTo('training');
    },
  },
];
