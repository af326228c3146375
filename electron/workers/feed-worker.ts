// Entry of the thread of Node that makes a training's batches.
import { workerData, type MessagePort } from 'node:worker_threads';
import { serveFeed } from '@shared/link/batch-thread';
import { openDataset } from '../datasets/open-dataset';
import { nodePort } from './node-port';

const { port } = workerData as { readonly port: MessagePort };
serveFeed(nodePort(port), openDataset);
