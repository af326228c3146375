// The three ways into the studio, as the first screen offers them. Each leads to where its first step is done.
import { seed } from '@shared/tensor/random';
import { askForStep } from '../../studio/asked-step';
import { openWithDialog } from '../../studio/files';
import { goTo } from '../../studio/navigation';
import { BUNDLED, chooseWeights } from '../../studio/network/weights';
import { chooseEmbedded } from '../dataset';

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
    says: 'The merge of the network on this screen, step by step, from the convolution to its place in FC3.',
    ofService: true,
    enter: learn,
  },
  {
    id: 'train',
    title: 'Train one here and make a figure',
    says: 'A small network on shapes drawn here, in minutes; then merged, looked at, and saved as a figure.',
    ofService: true,
    enter: () => {
      chooseWeights(BUNDLED);
      chooseEmbedded('shapes', seed(1));
      goTo('training');
    },
  },
];

/** Shows the step of the bundled network's merge that writes a convolution as a matrix. */
export function learn(): void {
  chooseWeights(BUNDLED);
  askForStep('conv-to-fc');
  goTo('merge');
}
