// The window's side of the analysis workers. Each kind of work has its own worker, so that ending one does not end
// another's.
import type { ContractRouterClient } from '@orpc/contract';
import { connectPort, eventedPort } from '@shared/link/port';
import type { AnalysisContract } from './protocol';

type AnalysisCalls = ContractRouterClient<AnalysisContract>;

/** A worker at work. */
interface Started {
  readonly calls: AnalysisCalls;
  /** Ends it, and what it computes fails with the error. */
  end(error: Error): void;
}

/** A worker that starts when first asked. */
export class Analyst {
  private started: Started | null = null;

  /** Computed in the worker. Rejects with what is thrown there; with AbortError when ended. */
  get calls(): AnalysisCalls {
    return (this.started ??= this.start()).calls;
  }

  /** Ends what is being computed, at once. */
  end(): void {
    this.started?.end(new DOMException('The analysis was stopped.', 'AbortError'));
  }

  private start(): Started {
    const worker = new Worker(new URL('./analysis.worker.ts', import.meta.url), { type: 'module' });
    let lose: (error: Error) => void = () => undefined;
    const lost = new Promise<Error>((resolve) => (lose = resolve));
    const end = (error: Error): void => {
      worker.terminate();
      this.started = null;
      lose(error);
    };
    worker.onerror = (event) => end(new Error(`The analysis worker failed: ${event.message}`));
    return { calls: connectPort<AnalysisContract>(eventedPort(worker), lost), end };
  }
}
