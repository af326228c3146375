// Data sets read by the thread that asks: the command line's.
import { openDataset } from '../../datasets/open-dataset';
import { shownFile } from '../../datasets/picture';
import { settleDataset } from '../../datasets/settle';
import type { Datasets } from './datasets';

export const datasetsHere: Datasets = { settle: settleDataset, open: (reference) => openDataset(reference), picture: shownFile };
