// Closer looks at several weights in a row, two networks or the epochs of a run: their kinds of rows and
// singular vectors, or the kernels of a channel pair, after the merge.
import { createStore } from '../../../studio/state';
import type { WeightsReference } from '@shared/link/studio';
import type { MatrixDetail } from '@shared/pattern/detail';
import { Analyst } from '../../../workers/analysis/analysis';
import { pairKey } from '../detail';
import { blockRequest, matricesKey } from '../pattern';

/** A block of some weights. */
export interface Subject {
  readonly reference: WeightsReference;
  readonly block: string;
}

/** Which rows and channels are looked at. */
export interface CloseChoice {
  readonly group: number | null;
  readonly outputChannel: number;
  readonly inputChannel: number;
}

export interface CloseSeries {
  readonly details: ReadonlyMap<string, MatrixDetail>;
  readonly kernels: ReadonlyMap<string, Float32Array>;
  readonly busy: boolean;
}

export const closeSeries = createStore<CloseSeries>(() => ({ details: new Map(), kernels: new Map(), busy: false }));

const analyst = new Analyst();
/** Looks wait for those asked for before them. */
let queue: Promise<void> = Promise.resolve();
/** Grows when looks are stopped: what was asked for before is left. */
let generation = 0;

/** What a subject's detail is called. */
export function detailKey({ reference, block }: Subject, { group }: CloseChoice): string {
  return `${matricesKey(reference, block)} ${group}`;
}

/** What a subject's kernel is called. */
export function kernelKey({ reference, block }: Subject, { outputChannel, inputChannel }: CloseChoice): string {
  return pairKey(reference, block, outputChannel, inputChannel);
}

/** Looks at every subject that is not known yet, one after the other, after what was asked for before. */
export function lookAtAll(subjects: readonly Subject[], what: 'details' | 'kernels', choice: CloseChoice): Promise<void> {
  const own = generation;
  const look = what === 'details' ? lookAtDetail : lookAtKernel;
  const keyed = what === 'details' ? detailKey : kernelKey;
  const work = queue.then(async () => {
    for (const subject of subjects) {
      if (own !== generation) return;
      if (closeSeries.getState()[what].has(keyed(subject, choice))) continue;
      closeSeries.setState({ busy: true });
      await look(subject, choice);
    }
  });
  queue = work.catch(() => undefined).then(() => closeSeries.setState({ busy: false }));
  return work;
}

/** Ends the looks under way and those that wait; what is finished stays. */
export function stopSeries(): void {
  generation++;
  analyst.end();
}

async function lookAtDetail(subject: Subject, choice: CloseChoice): Promise<void> {
  const request = await blockRequest(subject.reference, subject.block);
  const { after } = await analyst.calls.detail({ ...request, group: choice.group });
  closeSeries.setState(({ details }) => ({ details: new Map([...details, [detailKey(subject, choice), after]]) }));
}

async function lookAtKernel(subject: Subject, choice: CloseChoice): Promise<void> {
  const { outputChannel, inputChannel } = choice;
  const request = await blockRequest(subject.reference, subject.block);
  const { after } = await analyst.calls.kernel({ ...request, outputChannel, inputChannel });
  closeSeries.setState(({ kernels }) => ({ kernels: new Map([...kernels, [kernelKey(subject, choice), after]]) }));
}
