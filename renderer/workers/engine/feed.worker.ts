// The thread of a window that makes a training's batches.
import type { EnginePort } from '@shared/link/port';
import { serveFeed } from '@shared/link/batch-thread';
import { openDataset } from './open-dataset';

serveFeed(globalThis as unknown as EnginePort, openDataset);
