// What every procedure of the service works with.
import type { HostEvent } from '@shared/link/studio';
import type { Broadcast } from './broadcast';
import type { Ablation } from './training/ablation';
import type { BulkStore } from './bulk';
import type { DatasetEndpoint } from './dataset/dataset-endpoint';
import type { DatasetReader } from './dataset/dataset-reader';
import type { Engines } from './engines';
import type { Jobs } from './jobs/jobs';
import type { SettingsStore } from './settings/settings-store';
import type { RecentFiles } from './checkpoint/recent-files';
import type { RunFolders } from '../runs/run-folders';
import type { Trainings } from './training/trainings';
import type { SystemTrash } from '../files/trash';
import type { RunKeeping } from './training/keeping';
import type { WeightsLibrary } from './checkpoint/weights';

/** What differs between the hosts. */
export interface ServiceHost {
  readonly kind: 'desktop' | 'browser';
  /** Shows an open dialog; null if the user gave up or the host has none. */
  chooseFile(folder: boolean): Promise<string | null>;
  /** Puts a file or folder into the system's trash, where the host knows a way of its own. */
  readonly trash?: SystemTrash;
  /** Tells the user by the system that a long job has ended; hosts without it leave that to the window. */
  readonly announce?: (title: string, text: string) => void;
}

/** State shared by the procedures of one service. */
export interface Studio {
  readonly host: ServiceHost;
  readonly runsFolder: string;
  readonly bulk: BulkStore;
  readonly hostEvents: Broadcast<HostEvent>;
  readonly runs: RunFolders;
  readonly weights: WeightsLibrary;
  readonly trainings: Trainings;
  readonly keeping: RunKeeping;
  readonly ablation: Ablation;
  /** What takes longer than a moment. */
  readonly jobs: Jobs;
  readonly settings: SettingsStore;
  readonly recent: RecentFiles;
  readonly engines: Engines;
  /** Data sets, read by a thread of their own. */
  readonly datasets: DatasetReader;
  /** Where windows ask for samples. */
  readonly datasetEndpoint: DatasetEndpoint;
}
