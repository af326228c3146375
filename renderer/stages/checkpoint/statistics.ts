// Statistics of the tensors of opened files, as they come in.
import { createStore } from '../../studio/state';
import type { TensorStatistics } from '@shared/link/studio';
import { studio } from '../../studio/studio';

type ByTensor = ReadonlyMap<string, TensorStatistics>;

/** File id -> tensor name -> statistics. */
export const statistics = createStore<{ readonly byFile: ReadonlyMap<string, ByTensor> }>(() => ({ byFile: new Map() }));

const PUBLISH_EVERY = 64;
/** Files, with the adapters joined to them, whose statistics were read to the end. */
const complete = new Set<string>();

/** Reads a file's statistics from the service, publishing them in batches; done once per file, and adapter joined to it. */
export async function loadStatistics(id: string, adapter: string | null, signal: AbortSignal): Promise<void> {
  const whole = `${id} ${adapter ?? ''}`;
  if (complete.has(whole)) return;
  const found = new Map<string, TensorStatistics>();
  for await (const one of await studio().checkpoint.statistics({ weights: { kind: 'file', id } }, { signal })) {
    found.set(one.name, one);
    if (found.size % PUBLISH_EVERY === 0) publish(id, found);
  }
  publish(id, found);
  if (!signal.aborted) complete.add(whole);
}

function publish(id: string, found: ByTensor): void {
  statistics.setState(({ byFile }) => ({ byFile: new Map([...byFile, [id, new Map(found)]]) }));
}
