// The thread of a window that makes a training's batches.
import { serveFeed } from '@shared/link/batch-thread';
import { eventedPort } from '@shared/link/port';
import { openDataset } from './open-dataset';

serveFeed(eventedPort(globalThis), openDataset);
