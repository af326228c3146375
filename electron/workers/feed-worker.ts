// Entry of the thread of Node that makes a training's batches.
import { workerData, type MessagePort } from 'node:worker_threads';
import type { EnginePort } from '@shared/link/port';
import { serveFeed } from '@shared/link/batch-thread';
import { openDataset } from '../datasets/open-dataset';

const { port } = workerData as { readonly port: MessagePort };
serveFeed(port as unknown as EnginePort, openDataset);
