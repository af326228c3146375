// The jobs of the service, for every window and for the host, which tells the user of those that have ended. Invariant: however
// often a job says something, windows hear of the list at most five times a second, and always of its last change.
import { JobList } from '@shared/link/jobs/job-list';
import type { Job } from '@shared/link/jobs/job';
import { Broadcast } from '../broadcast';

const TELL_MILLISECONDS = 200;

export class Jobs {
  readonly list: JobList;
  private readonly news = new Broadcast<readonly Job[]>();
  private telling: NodeJS.Timeout | null = null;

  constructor(onEnd: (job: Job) => void = () => undefined) {
    this.list = new JobList(() => this.tellSoon(), onEnd);
  }

  /** The list now, and after every change. */
  watch(signal?: AbortSignal): AsyncGenerator<readonly Job[], void> {
    return this.news.subscribe(signal, [this.list.list()]);
  }

  /** Tells nobody more: the service ends. */
  close(): void {
    if (this.telling) clearTimeout(this.telling);
    this.news.end();
  }

  private tellSoon(): void {
    this.telling ??= setTimeout(() => {
      this.telling = null;
      this.news.send(this.list.list());
    }, TELL_MILLISECONDS).unref();
  }
}
