// Which compute engine the service uses: the one of a window where it runs on a GPU, else a thread of Node.
import type { BackendReport, Engine } from '@shared/engine/engine';
import { startNodeEngine } from './node-engine';

/** Gives the engine to compute with, starting it when first asked. */
export class Engines {
  private node: Engine | null = null;

  /** The engine for the next piece of work. */
  current(): Promise<Engine> {
    this.node ??= startNodeEngine();
    return Promise.resolve(this.node);
  }

  /** What the current engine can compute on, and where it runs. */
  async backends(): Promise<readonly BackendReport[]> {
    return (await this.current()).backends();
  }

  async close(): Promise<void> {
    await this.node?.dispose();
    this.node = null;
  }
}
