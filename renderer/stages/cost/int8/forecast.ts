// What int8 weights would cost the network in focus: asked for, computed by the service, thrown away when other weights come into focus.
import type { Int8Report } from '@shared/cost/int8/report';
import { keyOf, weights } from '../../../studio/network/weights';
import { createStore } from '../../../studio/state';
import { studio } from '../../../studio/studio';

export interface ForecastState {
  readonly busy: boolean;
  readonly report: Int8Report | null;
}

export const forecast = createStore<ForecastState>(() => ({ busy: false, report: null }));

/** Random inputs it is run on. */
export const FORECAST_INPUTS = 4;

let running: AbortController | null = null;

export async function foreseeInt8(): Promise<void> {
  stopForecast();
  const own = (running = new AbortController());
  forecast.setState({ busy: true, report: null });
  try {
    const asked = { weights: weights.getState().reference, batch: FORECAST_INPUTS, seed: 1 };
    const report = await studio().cost.int8(asked, { signal: own.signal });
    if (running === own) forecast.setState({ report });
  } finally {
    if (running === own) forecast.setState({ busy: false });
  }
}

export function stopForecast(): void {
  running?.abort();
  running = null;
  forecast.setState({ busy: false });
}

const about = ({ reference, inFocus, reading, opened }: ReturnType<typeof weights.getState>): string =>
  JSON.stringify([keyOf(reference), inFocus, reading, opened.map(({ id, recognised }) => [id, recognised?.spec.input])]);
weights.subscribe((now, before) => {
  if (now === before || about(now) === about(before)) return;
  stopForecast();
  forecast.setState({ report: null });
});
