// The thread of a window that makes a training's batches.
import type { EnginePort } from '@shared/engine/port';
import { serveFeed } from '@shared/training/far-feed';
import { openDataset } from './open-dataset';

serveFeed(globalThis as unknown as EnginePort, openDataset);
